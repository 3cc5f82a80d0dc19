import { InvalidPropertiesError } from "@sales-etl/etl-core/errors";
import { assert } from "chai";
import { readVariables } from "./settings.ts";

describe("lambdas: settings", () => {
  it("reads the named variables", () => {
    assert.deepEqual(readVariables("x", { A: "1", B: "2", C: "3" }, ["A", "B"]), { A: "1", B: "2" });
  });

  it("names all missing and empty variables at once", () => {
    try {
      readVariables("validate-landing", { A: "1", B: " " }, ["A", "B", "C"]);
      assert.fail("must throw");
    } catch (error) {
      assert.instanceOf(error, InvalidPropertiesError);
      assert.equal(error.code, "SETTINGS_INVALID");
      assert.equal(
        error.message,
        "the environment of validate-landing: 2 properties cannot be used\n  B: is not set\n  C: is not set",
      );
    }
  });
});
