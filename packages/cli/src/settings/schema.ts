/** The settings of a place: which contract, how its exports come, what is unusual, where things lie. */
import { sourceSettings } from "@sales-etl/etl-core/contract";
import { lastEndedDay } from "@sales-etl/etl-core/events";
import * as z from "zod";

/** By name: an offset would be wrong for half of the year. */
const zoneKnown = (zone: string): boolean => {
  try {
    lastEndedDay(new Date(), zone);
    return true;
  } catch {
    return false;
  }
};

/** How a column of the contract is made of a column of somebody's file. */
const sourceColumn = z.union([
  z.string(),
  z.strictObject({
    /** The column's name in the file. */
    from: z.string(),
    /** How a day is written, in `strptime`'s letters: `%d.%m.%Y`. A time behind it is cut off. */
    date: z.string().optional(),
    /** The sign between whole and fraction; the other one may stand between thousands. */
    decimal: z.enum([",", "."]).optional(),
    /** Texts that mean other texts: `{ "Y": "true" }`. */
    values: z.record(z.string(), z.string()).optional(),
  }),
]);

const source = z.union([
  z.strictObject({ generate: z.literal("fiscal-calendar") }),
  z.strictObject({
    /** Files, relative to the settings file; `*` stands for any characters but `/`. */
    files: z.array(z.string()).min(1),
    delimiter: z.string().length(1).optional(),
    /** As a browser names it: `utf-8`, `windows-1252`, `utf-16le`. */
    encoding: z.string().optional(),
    columns: z.record(z.string(), sourceColumn),
  }),
]);

export const settingsSchema = z.strictObject({
  /** `retail`, a file relative to this one, or the contract itself. */
  contract: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  /** Folders, relative to this file: what `--landing` and `--warehouse` are without the option. */
  landing: z.string().optional(),
  warehouse: z.string().optional(),
  /**
   * `loads`, `lateness`, `freshness`, `drift`: how the source delivers a table where that is not as the contract says;
   * `severities`: of checks that warn.
   */
  ...sourceSettings,
  /** Whose midnight ends a business date: `Europe/Rome`. `--date yesterday` goes by it. */
  timeZone: z.string().refine(zoneKnown, { message: "is no time zone: write it as Europe/Rome" }).optional(),
  /** Alert when a table has more than so many times the usual rows, or less than one part in so many. */
  volume: z.strictObject({ factor: z.number().gt(1), weeks: z.int().min(1).max(520).optional() }).optional(),
  /** Versions to keep, the published one among them. */
  keep: z.int().min(2).optional(),
  /** Where `sales-etl land` finds somebody's files, by table of the contract. */
  sources: z.record(z.string(), source).optional(),
});

export type SettingsDocument = z.input<typeof settingsSchema>;
export type Source = z.output<typeof source>;
export type SourceColumn = z.output<typeof sourceColumn>;
