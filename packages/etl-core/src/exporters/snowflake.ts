/** The export of the source database (Snowflake): format, stage, procedure and the task that calls it every night. */
import type { Dataset } from "../contract/index.ts";
import { type Relation, tablesOf } from "./relation.ts";
import { procedureBody } from "./snowflake-procedure.ts";
import { generatedBy } from "./text.ts";

/** Names and times of a deployment. */
export interface SnowflakeSettings {
  /** The landing, an `s3://` URI. @default an example's */
  readonly landing?: string;
  /** Made before, with the role that it assumes: no keys are needed. @default "sales_etl_landing" */
  readonly storageIntegration?: string;
  /** @default "sales_etl" */
  readonly warehouse?: string;
  /** Minute, hour, day, month, weekday in {@link timeZone}; after the day's last sale. @default "30 0 * * *" */
  readonly cron?: string;
  /** Of the company: the business date is the day that ended there. @default "UTC" */
  readonly timeZone?: string;
  /** A larger table comes in several files. @default 268435456 */
  readonly maxFileBytes?: number;
}

/** @returns the statements, to run in the schema of the tables by the role that shall own the export. */
export function snowflakeSql(
  dataset: Dataset,
  relations: readonly Relation[],
  settings: SnowflakeSettings = {},
): string {
  const {
    landing = "s3://sales-etl-example-landing",
    storageIntegration = "sales_etl_landing",
    warehouse = "sales_etl",
    cron = "30 0 * * *",
    timeZone = "UTC",
    maxFileBytes = 256 * 1024 * 1024,
  } = settings;
  const [stage, fileFormat, procedure] = ["landing", "csv", "export"].map((part) => `${dataset.name}_${part}`) as [
    string,
    string,
    string,
  ];
  const body = procedureBody(tablesOf(relations), { stage, fileFormat, maxFileBytes });
  return `-- ${generatedBy}
-- Run in the schema of the tables, by the role that shall own the export.

-- NULL is an empty field, an empty text is "": the two stay different. Texts are quoted, backslashes are data.
CREATE OR REPLACE FILE FORMAT ${fileFormat}
  TYPE = CSV
  COMPRESSION = GZIP
  FIELD_OPTIONALLY_ENCLOSED_BY = '"'
  ESCAPE = NONE
  ESCAPE_UNENCLOSED_FIELD = NONE
  NULL_IF = ('')
  DATE_FORMAT = 'YYYY-MM-DD';

CREATE STAGE IF NOT EXISTS ${stage}
  URL = '${landing}/'
  STORAGE_INTEGRATION = ${storageIntegration};

CREATE OR REPLACE PROCEDURE ${procedure}(BUSINESS_DATE VARCHAR)
  RETURNS VARIANT
  LANGUAGE JAVASCRIPT
  EXECUTE AS OWNER
AS
$$${body}$$;

CREATE OR REPLACE TASK ${procedure}_nightly
  WAREHOUSE = ${warehouse}
  SCHEDULE = 'USING CRON ${cron} ${timeZone}'
AS
  CALL ${procedure}(TO_VARCHAR(DATEADD('day', -1, CONVERT_TIMEZONE('${timeZone}', CURRENT_TIMESTAMP())), 'YYYY-MM-DD'));

-- A new task is suspended.
ALTER TASK ${procedure}_nightly RESUME;
`;
}

/** `<data set>_export.sql`. */
export const snowflakeFiles = (
  dataset: Dataset,
  relations: readonly Relation[],
  settings: SnowflakeSettings = {},
): ReadonlyMap<string, string> => new Map([[`${dataset.name}_export.sql`, snowflakeSql(dataset, relations, settings)]]);
