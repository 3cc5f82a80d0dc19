import type { Configuration } from "@aws-sdk/client-emr";

export interface IcebergCatalogArgs {
  /** The name under which Spark's SQL knows the catalog. @default "glue_catalog" */
  readonly name?: string;
  /** Where tables without a location of their own lie: an `s3://` URI. */
  readonly warehouse: string;
  /** The Glue database of names that carry none. */
  readonly database: string;
}

export const defaultCatalogName = "glue_catalog";

/** What makes Spark on EMR read and write Iceberg tables of the Glue catalog. */
export function icebergConfigurations(
  { name = defaultCatalogName, warehouse, database }: IcebergCatalogArgs,
  sparkDefaults: Readonly<Record<string, string>> = {},
): Configuration[] {
  const catalog = `spark.sql.catalog.${name}`;
  return [
    // Puts the release's own Iceberg on the class path: https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-iceberg-use-spark-cluster.html
    { Classification: "iceberg-defaults", Properties: { "iceberg.enabled": "true" } },
    {
      Classification: "spark-defaults",
      Properties: {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        [catalog]: "org.apache.iceberg.spark.SparkCatalog",
        [`${catalog}.type`]: "glue",
        [`${catalog}.warehouse`]: warehouse,
        [`${catalog}.default-namespace`]: database,
        [`${catalog}.io-impl`]: "org.apache.iceberg.aws.s3.S3FileIO",
        // Dates and hours of the files are business dates already; no node's clock may shift them.
        "spark.sql.session.timeZone": "UTC",
        ...sparkDefaults,
      },
    },
  ];
}
