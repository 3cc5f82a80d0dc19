import { writeFileSync } from "node:fs";
import * as echarts from "echarts";

const c = echarts.init(null, null, { renderer: "svg", ssr: true, width: 400, height: 200 });
c.setOption({
  animation: false,
  xAxis: { type: "category", data: ["a", "b", "c"] },
  yAxis: { type: "value" },
  series: [
    { type: "bar", data: [1, { value: 2, label: { show: true, formatter: "two" } }, 3] },
    { type: "line", data: [1, null, 2], symbolSize: 8 },
  ],
});
const t = c.renderToSVGString({ useViewBox: true });
writeFileSync("/tmp/x/a.svg", t);
console.log(t);
