/** What a page for people shows of a fact, and which way is good: names only, each of a measure that is declared. */
import { SalesEtlError } from "../errors.ts";
import type { Fact } from "./fact.ts";
import type { Described } from "./measure.ts";

/** `more`: a higher number is better. */
export type Better = "more" | "less";

/**
 * A ratio that only pages show: of two measures added over groups of rows, to 4 places. Rows in which the numerator is
 * unknown count in neither, so that an unknown margin is not a margin of 0.
 */
export interface Share extends Described {
  readonly numerator: string;
  readonly denominator: string;
}

/** Names are of the fact's measures or of {@link ReportPlan.shares}; keys are those of the fact. */
export interface ReportPlan {
  readonly shares: readonly Share[];
  /** The numbers a reader looks at first, most important first. */
  readonly headlines: readonly { readonly measure: string; readonly better: Better | null }[];
  /** Drawn over the periods. */
  readonly trends: readonly string[];
  /** A share, the lower the better, by period and by what a key (or a column of its table) names. */
  readonly heat: {
    readonly share: string;
    readonly by: readonly { readonly key: string; readonly column: string | null }[];
  } | null;
  /** What sold at least as much as the middle one and is soonest gone. */
  readonly scarce: {
    readonly key: string;
    readonly sold: string;
    readonly cover: string;
    readonly columns: readonly string[];
  } | null;
  /** The rows of the fact with the most of a measure. */
  readonly losses: { readonly measure: string; readonly columns: readonly string[] } | null;
}

const sharesParts = ({ shares }: ReportPlan) =>
  shares.flatMap(({ numerator, denominator }) => [numerator, denominator]);

/** @throws {SalesEtlError} REPORT_INVALID where the plan names what the fact does not have */
export function checkReportPlan(fact: Fact, plan: ReportPlan): void {
  const measures = new Set(fact.measures.map(({ name }) => name));
  const shares = new Set(plan.shares.map(({ name }) => name));
  const fail = (name: string, message: string): never => {
    throw new SalesEtlError(`report of ${fact.name}: ${name} ${message}`, {
      code: "REPORT_INVALID",
      path: `${fact.name}.${name}`,
    });
  };
  for (const name of shares) if (measures.has(name)) fail(name, "is a measure and a share");
  for (const name of sharesParts(plan)) if (!measures.has(name)) fail(name, "is no measure");
  const { heat, scarce, losses } = plan;
  const shown = [
    ...plan.headlines.map(({ measure }) => measure),
    ...plan.trends,
    ...(scarce === null ? [] : [scarce.sold, scarce.cover, ...scarce.columns]),
    ...(losses === null ? [] : [losses.measure, ...losses.columns]),
  ];
  for (const name of shown)
    if (!measures.has(name) && !shares.has(name)) fail(name, "is neither a measure nor a share");
  if (heat !== null && !shares.has(heat.share)) fail(heat.share, "is no share");
  for (const key of [...(heat?.by ?? []).map((by) => by.key), ...(scarce === null ? [] : [scarce.key])]) {
    if (!fact.keys.includes(key)) fail(key, "is no key of the fact");
  }
}
