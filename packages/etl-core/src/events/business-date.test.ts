import { assert } from "chai";
import { SalesEtlError } from "../errors.ts";
import { lastEndedDay } from "./business-date.ts";

describe("events: the day that ended last", () => {
  const cases = [
    // Chicago is UTC-5 in summer: at 02:00 UTC it is still the evening before.
    { at: "2017-07-01T02:00:00Z", zone: "America/Chicago", day: "2017-06-29" },
    { at: "2017-07-01T04:59:59Z", zone: "America/Chicago", day: "2017-06-29" },
    { at: "2017-07-01T05:00:00Z", zone: "America/Chicago", day: "2017-06-30" },
    // ... and UTC-6 in winter.
    { at: "2017-01-02T05:59:59Z", zone: "America/Chicago", day: "2016-12-31" },
    { at: "2017-01-02T06:00:00Z", zone: "America/Chicago", day: "2017-01-01" },
    { at: "2017-07-01T02:00:00Z", zone: "UTC", day: "2017-06-30" },
    { at: "2017-07-01T00:00:00Z", zone: "UTC", day: "2017-06-30" },
    { at: "2017-07-01T02:00:00Z", zone: "Asia/Tokyo", day: "2017-06-30" },
    { at: "2017-07-01T15:00:00Z", zone: "Asia/Tokyo", day: "2017-07-01" },
    // Berlin, the day of 23 hours (26 March 2017): 00:30 the next day is 23.5 hours after its beginning.
    { at: "2017-03-26T22:30:00Z", zone: "Europe/Berlin", day: "2017-03-26" },
    { at: "2017-03-26T21:59:59Z", zone: "Europe/Berlin", day: "2017-03-25" },
    // Berlin, the day of 25 hours (29 October 2017): 24 hours after its beginning it has not ended yet.
    { at: "2017-10-29T22:30:00Z", zone: "Europe/Berlin", day: "2017-10-28" },
    { at: "2017-10-29T23:00:00Z", zone: "Europe/Berlin", day: "2017-10-29" },
    // Sao Paulo left summer time at midnight (18 February 2018): 23:00 to 24:00 of the 17th came twice.
    { at: "2018-02-18T02:30:00Z", zone: "America/Sao_Paulo", day: "2018-02-16" },
    { at: "2018-02-18T03:00:00Z", zone: "America/Sao_Paulo", day: "2018-02-17" },
    // Quarter hours, the leap day and the turn of the year.
    { at: "2020-02-29T18:14:59Z", zone: "Asia/Kathmandu", day: "2020-02-28" },
    { at: "2020-02-29T18:15:00Z", zone: "Asia/Kathmandu", day: "2020-02-29" },
    { at: "2017-12-31T10:00:00Z", zone: "Pacific/Kiritimati", day: "2017-12-31" },
  ];
  for (const { at, zone, day } of cases) {
    it(`${at} in ${zone}: ${day}`, () => assert.equal(lastEndedDay(new Date(at), zone), day));
  }

  for (const zone of ["Mars/Olympus", "", "+02:00"]) {
    it(`refuses the time zone "${zone}"`, () => {
      try {
        lastEndedDay(new Date(), zone);
        assert.fail("must throw");
      } catch (error) {
        assert.instanceOf(error, SalesEtlError);
        assert.equal(error.code, "TIME_ZONE_UNKNOWN");
        assert.include(error.message, "IANA name");
      }
    });
  }
});
