/**
 * The charts, drawn on this side as SVG: the page needs no script. Colours are CSS variables, so that both themes work.
 * Each point is a link to its explanation and says its value when pointed at.
 */
import type { Measure } from "@sales-etl/etl-core/measures";
import * as echarts from "echarts";
import { formatValue, kindOf } from "./format.ts";
import { escapeHtml, type Html, html, trusted } from "./html.ts";

export interface Point {
  /** Decimal text; null is unknown. */
  readonly value: string | null;
  /** The same as people read it. */
  readonly shown: string;
  /** Under the axis, as text of this program. */
  readonly label: string;
  /** What the point says, and where it leads. */
  readonly title: string;
  readonly href: string;
  /** Not all of its days are there. */
  readonly partial: boolean;
}

// Stand-ins that ECharts takes as colours; each becomes a CSS variable in the SVG.
const colours = {
  "#010101": "--ink",
  "#020202": "--muted",
  "#030303": "--line",
  "#040404": "--series",
  "#050505": "--now",
  "#060606": "--card",
};
const [INK = "", MUTED = "", LINE = "", SERIES = "", NOW = "", CARD = ""] = Object.keys(colours);

/** About as wide as they are shown, so that the text keeps its size. */
const sizes = { broad: [540, 230], small: [340, 200] } as const;
type Size = keyof typeof sizes;

function svg(option: echarts.EChartsCoreOption, size: Size): string {
  const [width, height] = sizes[size];
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: "inherit", color: INK }, ...option });
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}

/** The parts of ECharts' SVG that only its own script needs, and ids that differ from run to run. */
function cleaned(markup: string, prefix: string): string {
  let text = markup.replace(/<style\s*>[\s\S]*?<\/style>/, "").replaceAll(/ class="zr\d+-cls-\d+"/g, "");
  text = text
    .replaceAll(/\bzr\d+-c/g, `${prefix}-c`)
    .replaceAll(/ (pointer-events="visible"|ecmeta_ssr_type="\w+")/g, "");
  // A font of its own for every text: the page has one.
  text = text.replaceAll("font-family:inherit;", "");
  for (const [colour, variable] of Object.entries(colours)) text = text.replaceAll(colour, `var(${variable})`);
  return text;
}

const mark = /<path ([^>]*?) ecmeta_series_index="0" ecmeta_data_index="(\d+)"([^>]*)><\/path>/g;

/** Every drawn point as a link with a title. */
const linked = (markup: string, points: readonly Point[]): string =>
  markup.replaceAll(mark, (_, before: string, index: string, after: string) => {
    const point = points[Number(index)];
    if (point === undefined) return "";
    const title = escapeHtml(point.title);
    return `<a href="#${point.href}" aria-label="${title}"><title>${title}</title><path class="point" ${before}${after}></path></a>`;
  });

/** Shares up to the whole end there: ECharts ends a step above, and around a single value by half of it. */
const highestShare = ({ min, max }: { readonly min: number; readonly max: number }): number | null => {
  const free = max === min ? Math.abs(max) / 2 : (max - min) / 4;
  return max <= 1 && max + free > 1 ? 1 : null;
};

function optionOf(measure: Measure, points: readonly Point[], size: Size): echarts.EChartsCoreOption {
  const percent = kindOf(measure) === "percent";
  const newest = points.length - 1;
  const axis = (value: number) =>
    percent ? formatValue(measure, value) : value.toLocaleString("en", { notation: "compact" });
  const every = Math.ceil(points.length / (size === "broad" ? 13 : 7));
  return {
    grid: { left: 4, right: percent ? 48 : size === "broad" ? 16 : 26, top: 22, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: points.map(({ label }) => label),
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
      // The newest is always named.
      axisLabel: { color: MUTED, interval: (index: number) => (newest - index) % every === 0, hideOverlap: false },
    },
    yAxis: {
      type: "value",
      scale: percent,
      ...(percent ? { max: highestShare } : {}),
      splitNumber: 4,
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: { color: MUTED, formatter: axis },
    },
    series: [
      {
        type: percent ? "line" : "bar",
        data: points.map(({ value, shown, partial }, index) => ({
          value: value === null ? null : Number(value),
          itemStyle: {
            color: index === newest ? NOW : SERIES,
            ...(partial ? { opacity: 0.55, borderColor: NOW, borderType: "dashed", borderWidth: 1.5 } : {}),
          },
          label: {
            show: index === newest && value !== null,
            position: percent ? "right" : "top",
            color: INK,
            fontWeight: "bold",
            backgroundColor: CARD,
            padding: 2,
            formatter: () => shown,
          },
        })),
        lineStyle: { color: SERIES, width: 2 },
        symbol: "circle",
        symbolSize: 8,
        barCategoryGap: "25%",
        barMaxWidth: 36,
      },
    ],
  };
}

/** What the chart says to who cannot see it. */
function summary(measure: Measure, points: readonly Point[]): string {
  const known = points.filter(({ value }) => value !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return `${measure.title}: unknown throughout`;
  const sorted = known.toSorted((a, b) => Number(a.value) - Number(b.value));
  const said = (point: Point | undefined) => `${point?.shown} in ${point?.label}`;
  return `${measure.title}, ${known.length} values: ${said(first)} to ${said(last)}; lowest ${said(sorted[0])}, highest ${said(sorted.at(-1))}`;
}

/**
 * One measure over all periods, for a broad and for a narrow screen; the newest is marked and labelled.
 * @param points oldest first
 */
export function periodChart(measure: Measure, points: readonly Point[]): Html {
  const drawn = (Object.keys(sizes) as Size[]).map((size) => {
    const markup = linked(cleaned(svg(optionOf(measure, points, size), size), `${measure.name}-${size}`), points);
    const label = `role="group" aria-label="${escapeHtml(summary(measure, points))}"`;
    return trusted(markup.replace("<svg ", `<svg class="chart ${size}" ${label} `));
  });
  return html`${drawn}`;
}
