/** The charts, drawn on this side as SVG: the page needs no script. Colours are CSS variables, so that both themes work. */
import type { Measure } from "@sales-etl/etl-core/measures";
import * as echarts from "echarts";
import type { Row } from "../engine/duckdb.ts";
import { escapeHtml, formatValue, kindOf } from "./format.ts";

// About as wide as it is shown, so that the text keeps its size.
const WIDTH = 520;
const HEIGHT = 250;

// Stand-ins that ECharts takes as colours; each becomes a CSS variable in the SVG.
const colours = {
  "#010101": "--ink",
  "#020202": "--muted",
  "#030303": "--line",
  "#040404": "--series",
  "#050505": "--now",
  "#060606": "--paper",
};
const [INK = "", MUTED = "", LINE = "", SERIES = "", NOW = "", PAPER = ""] = Object.keys(colours);

function svg(title: string, option: echarts.EChartsCoreOption): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: "system-ui, sans-serif", color: INK }, ...option });
    let text = chart.renderToSVGString({ useViewBox: true });
    for (const [colour, variable] of Object.entries(colours)) text = text.replaceAll(colour, `var(${variable})`);
    return text.replace("<svg ", `<svg role="img" aria-label="${escapeHtml(title)}" `);
  } finally {
    chart.dispose();
  }
}

/**
 * One measure over all periods; the newest is marked and labelled.
 * @param totals oldest first
 */
export function periodChart(measure: Measure, totals: readonly Row[], period: string): string {
  const percent = kindOf(measure) === "percent";
  const points = totals.map((row) => (row[measure.name] === null ? null : Number(row[measure.name])));
  const label = (value: unknown) => formatValue(measure, value);
  const axis = (value: number) => (percent ? label(value) : value.toLocaleString("en", { notation: "compact" }));
  const newest = points.length - 1;
  return svg(`${measure.title} by week`, {
    grid: { left: 8, right: percent ? 52 : 24, top: 24, bottom: 8, containLabel: true },
    xAxis: {
      type: "category",
      data: totals.map((row) => String(row[period])),
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
      axisLabel: { color: MUTED, formatter: (text: string) => `W${text.slice(4)}` },
    },
    yAxis: {
      type: "value",
      scale: percent,
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: { color: MUTED, formatter: axis },
    },
    series: [
      {
        type: percent ? "line" : "bar",
        data: points.map((value, index) => ({
          value,
          itemStyle: { color: index === newest ? NOW : SERIES },
          label: {
            show: index === newest,
            position: percent ? "right" : "top",
            color: INK,
            backgroundColor: PAPER,
            padding: 2,
            formatter: () => label(totals[index]?.[measure.name]),
          },
        })),
        lineStyle: { color: SERIES, width: 2 },
        symbolSize: 7,
        barMaxWidth: 32,
      },
    ],
  });
}
