import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../common/account.ts";
import { policyDocument, trustPolicy, useKey } from "../common/policy.ts";
import type { ResourceRef } from "../common/resource-ref.ts";

export interface RawCrawlerArgs {
  readonly databaseName: pulumi.Input<string>;
  /** Tables that are there: the crawler makes none and changes no column. */
  readonly tableNames: pulumi.Input<string>[];
  readonly landing: ResourceRef;
  readonly kmsKeyArn: pulumi.Input<string>;
}

/**
 * Adds the partitions of new dates to tables that exist.
 *
 * https://docs.aws.amazon.com/glue/latest/dg/crawler-catalog-tables.html
 */
export class RawCrawler extends pulumi.ComponentResource {
  readonly crawlerName: pulumi.Output<string>;

  constructor(name: string, args: RawCrawlerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sales-etl:warehouse:RawCrawler", name, {}, opts);
    const child = { parent: this };
    const { databaseName, tableNames, kmsKeyArn } = args;

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "What the crawler of the landing may do",
        assumeRolePolicy: trustPolicy("glue.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": accountOf(this).id },
        }),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.id, policy: policyDocument(...this.#statements(args)) },
      child,
    );
    const security = new aws.glue.SecurityConfiguration(
      `${name}-security`,
      {
        encryptionConfiguration: {
          cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn },
          jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn },
          s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn },
        },
      },
      child,
    );
    const crawler = new aws.glue.Crawler(
      `${name}-crawler`,
      {
        description: "Finds new dates of the landing; the DAG runs it",
        databaseName,
        role: role.arn,
        securityConfiguration: security.name,
        catalogTargets: [{ databaseName, tables: tableNames }],
        // What AWS asks for where the targets are tables; a column of another name is for the checks to refuse.
        schemaChangePolicy: { deleteBehavior: "LOG", updateBehavior: "LOG" },
        recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
        configuration: JSON.stringify({
          Version: 1,
          CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
        }),
      },
      { parent: this, dependsOn: policy },
    );

    this.crawlerName = crawler.name;
    this.registerOutputs({ crawlerName: this.crawlerName });
  }

  #statements({ databaseName, landing, kmsKeyArn }: RawCrawlerArgs): aws.iam.PolicyStatement[] {
    const { id, region, partition } = accountOf(this);
    const glue = pulumi.interpolate`arn:${partition}:glue:${region}:${id}`;
    return [
      { Sid: "ReadFiles", Effect: "Allow", Action: ["s3:GetObject"], Resource: [pulumi.interpolate`${landing.arn}/*`] },
      {
        Sid: "FindFiles",
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket"],
        Resource: [landing.arn],
      },
      {
        Sid: "AddPartitions",
        Effect: "Allow",
        Action: [
          "glue:BatchCreatePartition",
          "glue:BatchGetPartition",
          "glue:BatchUpdatePartition",
          "glue:CreatePartition",
          "glue:GetDatabase",
          "glue:GetPartition",
          "glue:GetPartitions",
          "glue:GetTable",
          "glue:GetTables",
          "glue:UpdatePartition",
          "glue:UpdateTable",
        ],
        Resource: [
          pulumi.interpolate`${glue}:catalog`,
          pulumi.interpolate`${glue}:database/${databaseName}`,
          pulumi.interpolate`${glue}:table/${databaseName}/*`,
        ],
      },
      {
        // All crawlers of an account write to this group; with a configuration it is one of its own.
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [pulumi.interpolate`arn:${partition}:logs:${region}:${id}:log-group:/aws-glue/crawlers*`],
      },
      useKey(kmsKeyArn),
    ];
  }
}
