import { SalesEtlError } from "@sales-etl/etl-core/errors";
import { expect } from "chai";
import { subnetRanges } from "./subnet-ranges.ts";

describe("subnetRanges", () => {
  it("cuts a range into four", () => {
    expect(subnetRanges("10.20.0.0/16")).to.deep.equal({
      public: ["10.20.0.0/18", "10.20.64.0/18"],
      private: ["10.20.128.0/18", "10.20.192.0/18"],
    });
    expect(subnetRanges("192.168.252.0/22").private).to.deep.equal(["192.168.254.0/24", "192.168.255.0/24"]);
    expect(subnetRanges("172.31.0.0/20").public).to.deep.equal(["172.31.0.0/22", "172.31.4.0/22"]);
  });

  const wrong = {
    "10.20.0.0": "is no range of addresses",
    "10.300.0.0/16": "is no range of addresses",
    "10.0.0.0/8": "is no /16 to /22",
    "10.20.0.0/24": "is no /16 to /22",
    "10.20.1.0/16": "does not begin at a multiple of its 65536 addresses",
    "8.8.0.0/16": "belongs to others on the internet",
    "172.32.0.0/16": "belongs to others on the internet",
  };
  for (const [range, message] of Object.entries(wrong)) {
    it(`refuses ${range}`, () => {
      expect(() => subnetRanges(range))
        .to.throw(SalesEtlError, message)
        .with.property("code", "NETWORK_RANGE_INVALID");
    });
  }
});
