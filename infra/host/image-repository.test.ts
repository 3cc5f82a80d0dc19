import { expect } from "chai";
import { kmsKeyArn } from "../testing/examples.ts";
import { record } from "../testing/record.ts";
import { ImageRepository } from "./image-repository.ts";

describe("ImageRepository", () => {
  it("is encrypted and scanned, keeps the newest images, and no tag ever changes its image", async () => {
    const { childrenOf, inputsOf } = await record(() => new ImageRepository("airflow", { kmsKeyArn, keep: 3 }).url);
    expect(childrenOf("airflow")).to.deep.equal([
      "aws:ecr/lifecyclePolicy:LifecyclePolicy airflow-lifecycle",
      "aws:ecr/repository:Repository airflow-repository",
    ]);
    expect(inputsOf("airflow-repository")).to.deep.equal({
      name: "airflow",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: kmsKeyArn }],
    });
    const [rule] = JSON.parse(inputsOf("airflow-lifecycle").policy).rules;
    expect(rule.selection).to.deep.equal({ tagStatus: "any", countType: "imageCountMoreThan", countNumber: 3 });
  });
});
