import { expect } from "chai";
import { Exact, jsonText } from "./text.ts";
import { yamlText } from "./yaml.ts";

describe("yamlText", () => {
  it("writes lists of maps of lists", () => {
    const value = { a: [{ b: "x", c: [1, { d: true }] }, "y"], e: { f: null } };
    expect(yamlText(value)).to.equal('a:\n  - b: "x"\n    c:\n      - 1\n      - d: true\n  - "y"\ne:\n  f: null\n');
  });

  it("keeps texts texts, whatever they look like", () => {
    expect(yamlText(["no", "1.0", "2020-01-06", 'say "x": #', "a\nb", ""])).to.equal(
      '- "no"\n- "1.0"\n- "2020-01-06"\n- "say \\"x\\": #"\n- "a\\nb"\n- ""\n',
    );
    expect(yamlText({ no: 1, "a b": 2, ok: 3 })).to.equal('"no": 1\n"a b": 2\nok: 3\n');
  });

  it("writes what is empty on the line", () => {
    expect(yamlText({ a: [], b: {} })).to.equal("a: []\nb: {}\n");
  });

  it("refuses what is no plain data", () => {
    for (const value of [undefined, Number.NaN, 1n, () => 1])
      expect(() => yamlText({ value })).to.throw("YAML cannot hold");
  });
});

describe("exact numbers", () => {
  it("come out digit by digit in both", () => {
    const value = { count: new Exact("9223372036854775807"), d: new Exact("-0.10") };
    expect(yamlText(value)).to.equal("count: 9223372036854775807\nd: -0.10\n");
    expect(jsonText(value)).to.equal('{\n  "count": 9223372036854775807,\n  "d": -0.10\n}\n');
  });

  it("are numbers", () => {
    for (const text of ["1e3", "", "1_000", "NaN"]) expect(() => new Exact(text)).to.throw("is no number");
  });
});
