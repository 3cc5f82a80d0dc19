/** What it takes to query the warehouse through Athena, and nothing more. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { warehousePrefix } from "@sales-etl/etl-core/emr";
import type { Account } from "../common/account.ts";
import type { ResourceRef } from "../common/resource-ref.ts";
import { answersPrefix } from "../warehouse/work-group.ts";

export interface WarehouseReaderArgs {
  readonly workGroupName: pulumi.Input<string>;
  /** The Glue database of the tables. */
  readonly databaseName: pulumi.Input<string>;
  readonly buckets: { readonly [bucket in "warehouse" | "logs"]: ResourceRef };
}

/** One work group, one database, the tables' files read and answers written. Reading them also needs the key. */
export function readWarehouse(
  { workGroupName, databaseName, buckets: { warehouse, logs } }: WarehouseReaderArgs,
  { id, region, partition }: Account,
): aws.iam.PolicyStatement[] {
  const athena = pulumi.interpolate`arn:${partition}:athena:${region}:${id}`;
  const glue = pulumi.interpolate`arn:${partition}:glue:${region}:${id}`;
  return [
    {
      Sid: "Query",
      Effect: "Allow",
      Action: [
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetWorkGroup",
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ],
      Resource: [pulumi.interpolate`${athena}:workgroup/${workGroupName}`],
    },
    {
      Sid: "LookAtTables",
      Effect: "Allow",
      Action: [
        "athena:GetDatabase",
        "athena:GetDataCatalog",
        "athena:GetTableMetadata",
        "athena:ListDatabases",
        "athena:ListTableMetadata",
      ],
      Resource: [pulumi.interpolate`${athena}:datacatalog/AwsDataCatalog`],
    },
    {
      Sid: "ReadDefinitions",
      Effect: "Allow",
      Action: ["glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
      Resource: [
        pulumi.interpolate`${glue}:catalog`,
        pulumi.interpolate`${glue}:database/${databaseName}`,
        pulumi.interpolate`${glue}:table/${databaseName}/*`,
      ],
    },
    {
      Sid: "ReadFiles",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [pulumi.interpolate`${warehouse.arn}/${warehousePrefix}/*`],
    },
    {
      Sid: "FindFiles",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [warehouse.arn],
      Condition: { StringLike: { "s3:prefix": [`${warehousePrefix}/*`] } },
    },
    {
      Sid: "KeepAnswers",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      Resource: [pulumi.interpolate`${logs.arn}/${answersPrefix}*`],
    },
    {
      Sid: "FindAnswers",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [logs.arn],
      Condition: { StringLike: { "s3:prefix": [`${answersPrefix}*`] } },
    },
    { Sid: "FindBuckets", Effect: "Allow", Action: ["s3:GetBucketLocation"], Resource: [warehouse.arn, logs.arn] },
  ];
}
