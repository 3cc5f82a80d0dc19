import { expect } from "chai";
import { fiscalWeekOf } from "./fiscal-week.ts";

describe("fiscalWeekOf", () => {
  // From calendars on paper: the week of the Thursday, Sunday first.
  const days = {
    "2022-12-31": 202252,
    "2023-01-01": 202301,
    "2017-12-30": 201752,
    "2017-12-31": 201801,
    "2016-12-25": 201652,
    "2017-01-01": 201701,
    "2021-01-02": 202053,
    "2021-01-03": 202101,
    "2024-12-28": 202452,
    "2024-12-29": 202501,
  };
  for (const [day, week] of Object.entries(days)) it(`${day}: ${week}`, () => expect(fiscalWeekOf(day)).to.equal(week));
});
