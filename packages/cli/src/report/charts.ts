/** The charts, drawn on this side as SVG: the page needs no script. Colours are CSS variables, so that both themes work. */
import type { Measure } from "@sales-etl/etl-core/measures";
import * as echarts from "echarts";
import type { Row } from "../engine/duckdb.ts";
import { formatValue, kindOf } from "./format.ts";

const WIDTH = 720;
const HEIGHT = 280;

// Stand-ins that ECharts takes as colours; each becomes a CSS variable in the SVG.
const colours = {
  "#010101": "--ink",
  "#020202": "--muted",
  "#030303": "--line",
  "#040404": "--series",
  "#050505": "--now",
};
const [INK, MUTED, LINE, SERIES, NOW] = Object.keys(colours) as [string, string, string, string, string];

function svg(option: echarts.EChartsCoreOption): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: "system-ui, sans-serif", color: INK }, ...option });
    let text = chart.renderToSVGString({ useViewBox: true });
    for (const [colour, variable] of Object.entries(colours)) text = text.replaceAll(colour, `var(${variable})`);
    // Fixed ids would repeat from chart to chart; ECharts needs them for clip paths and styles only.
    return text.replace("<svg ", '<svg role="img" ');
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
  const newest = points.length - 1;
  return svg({
    grid: { left: 8, right: 56, top: 24, bottom: 8, containLabel: true },
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
      axisLabel: { color: MUTED, formatter: label },
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
