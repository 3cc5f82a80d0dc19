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

/** What the export consists of, for whoever makes it otherwise than by {@link snowflakeSql}. */
export interface SnowflakeObjects {
  /** `s3://` URI and integration of the stage. */
  readonly stage: { readonly name: string; readonly url: string; readonly storageIntegration: string };
  /** Of type CSV. */
  readonly fileFormat: { readonly name: string };
  /** In JavaScript, with one text argument {@link PROCEDURE_ARGUMENT}; returns a VARIANT, runs as its owner. */
  readonly procedure: { readonly name: string; readonly body: string };
  readonly task: {
    readonly name: string;
    readonly warehouse: string;
    /** Five fields and a time zone. */
    readonly cron: string;
    readonly statement: string;
  };
}

export const PROCEDURE_ARGUMENT = "BUSINESS_DATE";

/**
 * NULL is an empty field, an empty text is "": the two stay different. Texts are quoted, backslashes are data. In
 * Snowflake's words for CREATE FILE FORMAT.
 */
export const snowflakeCsv = {
  compression: "GZIP",
  fieldOptionallyEnclosedBy: '"',
  escape: "NONE",
  escapeUnenclosedField: "NONE",
  nullIf: [""],
  dateFormat: "YYYY-MM-DD",
} as const;

export function snowflakeObjects(
  dataset: Dataset,
  relations: readonly Relation[],
  settings: SnowflakeSettings = {},
): SnowflakeObjects {
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
  const now = `CONVERT_TIMEZONE('${timeZone}', CURRENT_TIMESTAMP())`;
  return {
    stage: { name: stage, url: `${landing}/`, storageIntegration },
    fileFormat: { name: fileFormat },
    procedure: { name: procedure, body: procedureBody(tablesOf(relations), { stage, fileFormat, maxFileBytes }) },
    task: {
      name: `${procedure}_nightly`,
      warehouse,
      cron: `${cron} ${timeZone}`,
      statement: `CALL ${procedure}(TO_VARCHAR(DATEADD('day', -1, ${now}), 'YYYY-MM-DD'))`,
    },
  };
}

/** @returns the statements, to run in the schema of the tables by the role that shall own the export. */
export function snowflakeSql(
  dataset: Dataset,
  relations: readonly Relation[],
  settings: SnowflakeSettings = {},
): string {
  const { stage, fileFormat, procedure, task } = snowflakeObjects(dataset, relations, settings);
  const csv = snowflakeCsv;
  return `-- ${generatedBy}
-- Run in the schema of the tables, by the role that shall own the export.

-- NULL is an empty field, an empty text is "": the two stay different. Texts are quoted, backslashes are data.
CREATE OR REPLACE FILE FORMAT ${fileFormat.name}
  TYPE = CSV
  COMPRESSION = ${csv.compression}
  FIELD_OPTIONALLY_ENCLOSED_BY = '${csv.fieldOptionallyEnclosedBy}'
  ESCAPE = ${csv.escape}
  ESCAPE_UNENCLOSED_FIELD = ${csv.escapeUnenclosedField}
  NULL_IF = (${csv.nullIf.map((text) => `'${text}'`).join(", ")})
  DATE_FORMAT = '${csv.dateFormat}';

CREATE STAGE IF NOT EXISTS ${stage.name}
  URL = '${stage.url}'
  STORAGE_INTEGRATION = ${stage.storageIntegration};

CREATE OR REPLACE PROCEDURE ${procedure.name}(${PROCEDURE_ARGUMENT} VARCHAR)
  RETURNS VARIANT
  LANGUAGE JAVASCRIPT
  EXECUTE AS OWNER
AS
$$${procedure.body}$$;

CREATE OR REPLACE TASK ${task.name}
  WAREHOUSE = ${task.warehouse}
  SCHEDULE = 'USING CRON ${task.cron}'
AS
  ${task.statement};

-- A new task is suspended.
ALTER TASK ${task.name} RESUME;
`;
}

/** `<data set>_export.sql`. */
export const snowflakeFiles = (
  dataset: Dataset,
  relations: readonly Relation[],
  settings: SnowflakeSettings = {},
): ReadonlyMap<string, string> => new Map([[`${dataset.name}_export.sql`, snowflakeSql(dataset, relations, settings)]]);
