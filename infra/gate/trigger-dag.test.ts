import { expect } from "chai";
import { bucketRef, code, common } from "../testing/examples.ts";
import { arnOf, record, statementsOf } from "../testing/record.ts";
import { TriggerDag } from "./trigger-dag.ts";

describe("TriggerDag", () => {
  const make = () =>
    record(() => {
      const { arn, functionName } = new TriggerDag("dag", {
        code,
        control: bucketRef("control"),
        airflowUrl: "http://10.20.0.7:8080",
        network: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
        ...common,
      });
      return { arn, functionName };
    });

  it("is a function in the host's network, with time to wait for a boot", async () => {
    const { inputsOf, result } = await make();
    expect(inputsOf("dag-function")).to.deep.include({
      timeout: 900,
      environment: { variables: { CONTROL_BUCKET: "control", AIRFLOW_URL: "http://10.20.0.7:8080" } },
      vpcConfig: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] },
    });
    expect(result).to.deep.equal({ arn: arnOf("dag-function"), functionName: "dag-function" });
  });

  it("reads tonight's credential and keeps receipts, and calls nothing of AWS but S3", async () => {
    const { inputsOf } = await make();
    const statements = statementsOf(inputsOf("dag-policy").policy);
    const { ListControl, ReadTonightsCredential, KeepReceipts, ...others } = statements;
    expect(ListControl?.Resource).to.deep.equal(["arn:aws:s3:::control"]);
    expect(ReadTonightsCredential).to.deep.include({
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::control/airflow/credential.json"],
    });
    expect(KeepReceipts).to.deep.include({
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: ["arn:aws:s3:::control/dt=*/*.json"],
    });
    // What Lambda itself does with the role: network, logs, traces, dead letters, and the key.
    expect(Object.keys(others)).to.have.members([
      ...["AttachToNetwork", "NotByItsCode", "UseKey", "WriteLogs", "WriteTraces", "SendDeadLetters"],
    ]);
  });
});
