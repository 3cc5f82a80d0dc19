import { assert } from "chai";
import { publishedBy } from "./deadline.ts";

describe("events: until when a date is waited for", () => {
  const cases = [
    // The day ends at midnight UTC, and six hours later it must be published.
    { date: "2017-06-30", timeZone: "UTC", hour: 6, hourTimeZone: "UTC", at: "2017-07-01T06:00:00Z" },
    { date: "2017-06-30", timeZone: "UTC", hour: 0, hourTimeZone: "UTC", at: "2017-07-01T00:00:00Z" },
    // Chicago's 30 June ends at 05:00 UTC on 1 July: 06:00 UTC is after it, 04:00 UTC is before, so that it is a day later.
    { date: "2017-06-30", timeZone: "America/Chicago", hour: 6, hourTimeZone: "UTC", at: "2017-07-01T06:00:00Z" },
    { date: "2017-06-30", timeZone: "America/Chicago", hour: 4, hourTimeZone: "UTC", at: "2017-07-02T04:00:00Z" },
    // The clock of Chicago itself: 06:00 there is 11:00 UTC in summer and 12:00 in winter.
    {
      ...{ date: "2017-06-30", timeZone: "America/Chicago", hour: 6, hourTimeZone: "America/Chicago" },
      at: "2017-07-01T11:00:00Z",
    },
    {
      ...{ date: "2017-01-10", timeZone: "America/Chicago", hour: 6, hourTimeZone: "America/Chicago" },
      at: "2017-01-11T12:00:00Z",
    },
    // Tokyo's 30 June ends at 15:00 UTC of the same day.
    { date: "2017-06-30", timeZone: "Asia/Tokyo", hour: 16, hourTimeZone: "UTC", at: "2017-06-30T16:00:00Z" },
    // Berlin leaves out 02:00 on 26 March 2017: the clock is put forward at 01:00 UTC.
    { date: "2017-03-25", timeZone: "UTC", hour: 2, hourTimeZone: "Europe/Berlin", at: "2017-03-26T01:00:00Z" },
    // ... and shows 02:00 twice on 29 October: the first time counts.
    { date: "2017-10-28", timeZone: "UTC", hour: 2, hourTimeZone: "Europe/Berlin", at: "2017-10-29T00:00:00Z" },
    { date: "2017-06-30", timeZone: "UTC", hour: 6, hourTimeZone: "Asia/Kathmandu", at: "2017-07-01T00:15:00Z" },
    { date: "2017-12-31", timeZone: "Pacific/Kiritimati", hour: 6, hourTimeZone: "UTC", at: "2018-01-01T06:00:00Z" },
  ];
  for (const { date, timeZone, hour, hourTimeZone, at } of cases) {
    it(`${date} in ${timeZone} by ${hour}:00 in ${hourTimeZone}: ${at}`, () => {
      assert.equal(publishedBy(date, { timeZone, hour, hourTimeZone }).toISOString(), new Date(at).toISOString());
    });
  }
});
