/** The committed types of Airflow's REST API against the documents in the installed Airflow. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { fingerprint, typesFile, wantedApi } from "../../scripts/airflow-api.ts";

describe("the types of Airflow's REST API", function () {
  this.timeout("240s");
  const python = process.env.SALES_ETL_AIRFLOW_PYTHON ?? "";

  it("are those of the Airflow that is deployed: else `node scripts/airflow-api.ts` makes them anew", () => {
    const { document } = wantedApi(python);
    expect(readFileSync(typesFile, "utf8").split("\n")[1]).to.equal(`// ${fingerprint(document)}`);
    // Another form of the same operation is noticed.
    const changed = JSON.parse(JSON.stringify(document).replace('"logical_date"', '"date"'));
    expect(fingerprint(changed)).not.to.equal(fingerprint(document));
  });
});
