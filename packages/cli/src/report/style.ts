/** The page's style: light and dark by the reader's setting, for a phone, a desk and paper. */
const light = `color-scheme: light; --paper: #f5f5f2; --card: #ffffff; --ink: #1b2330; --muted: #586273; --line: #dfe2e6;
  --series: #9fb3cf; --now: #1d5bb8; --good: #0a5aa8; --bad: #a8430a; --soft-good: #e6f0fa; --soft-bad: #fcebdf; --link: #b9c1cc;
  --h0: #eef0f2; --h1: #fdeeda; --h2: #fbd2a0; --h3: #f3a55b; --h4: #b9500f; --h5: #7a2a05; --on-high: #ffffff; --on-low: #1b2330;
  --shade: rgba(20, 28, 40, .22);`;
const dark = `color-scheme: dark; --paper: #10141a; --card: #191f28; --ink: #e9edf3; --muted: #a3aebd; --line: #303946;
  --series: #56719a; --now: #7fb4ff; --good: #8cc4ff; --bad: #ffad7a; --soft-good: #16283d; --soft-bad: #3a2517; --link: #556072;
  --h0: #222a35; --h1: #38291c; --h2: #58391d; --h3: #865020; --h4: #de8b3c; --h5: #ffd09a; --on-high: #14181f; --on-low: #f3f5f8;
  --shade: rgba(0, 0, 0, .6);`;

export const style = `
:root { ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; } #closed { position: fixed; top: 0; }
body { margin: 0 auto; max-width: 1200px; padding: 28px 24px 48px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.15; letter-spacing: -.02em; margin: 0; } h2 { font-size: 1.06rem; margin: 0 0 4px; }
h3 { font-size: .95rem; margin: 0; } p { margin: 0 0 6px; } a { color: inherit; text-decoration: none; }
a:hover { text-decoration: underline; } a:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--now); outline-offset: 2px; }
code { font: .86em ui-monospace, "SF Mono", Consolas, monospace; overflow-wrap: anywhere; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.eyebrow, .when, .was, .lead, .note, .unit, .means, footer { color: var(--muted); }
.eyebrow { font-weight: 600; margin: 0; } .when { font-size: 1.05rem; margin: 2px 0 12px; } .lead { font-size: .9rem; }
.note { font-size: .8rem; margin-top: 6px; } .none { color: var(--muted); margin: 12px 0; }
main > * { margin-top: 20px; } .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; margin-inline: 0; }
.pair { display: grid; gap: 20px; grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; } .stack { display: grid; gap: 20px; }
.trust { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0; padding: 0; font-size: .86rem; font-weight: 600; }
.trust li { border-radius: 99px; padding: 3px 12px; } .trust .ok { background: var(--soft-good); color: var(--good); }
.trust .warn { background: var(--soft-bad); color: var(--bad); }
.tiles { display: grid; gap: 14px; grid-template-columns: repeat(6, minmax(0, 1fr)); list-style: none; margin: 0; padding: 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 13px 14px 10px; display: flex; flex-direction: column; }
.tile h3 { font-size: .86rem; font-weight: 600; color: var(--muted); } .tile p { margin: 0; }
.value { font-size: 1.65rem; font-weight: 700; letter-spacing: -.02em; line-height: 1.3; font-variant-numeric: tabular-nums; }
.delta { font-size: .95rem; } .was { font-size: .78rem; line-height: 1.35; } .good { color: var(--good); } .bad { color: var(--bad); } .same { color: var(--muted); }
.sign { font-size: .75em; } .spark { width: 100%; height: 34px; margin-top: auto; padding-top: 6px; }
.spark path { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round; } .spark circle { fill: var(--now); }
figure { margin: 0; } .chart { display: block; width: 100%; height: auto; } .chart.small { display: none; }
.chart a:hover .point, .chart a:focus-visible .point { stroke: var(--ink); stroke-width: 2px; }
.chart text { font-family: inherit; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 6px; } caption.vh { padding: 0; }
th, td { padding: 6px 8px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
thead th { color: var(--muted); font-size: .8rem; font-weight: 600; vertical-align: bottom; line-height: 1.3; }
tbody tr:last-child > * { border-bottom: 0; } .n { text-align: right; } td.n { white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
tr.total > * { font-weight: 700; border-top: 2px solid var(--line); } tr.rest > * { color: var(--muted); }
td.n a, .value a, .was a, td .good a, td .bad a, .card p a, .means a { text-decoration: underline dotted var(--link); text-underline-offset: 3px; }
td.n a:hover, .value a:hover, .card p a:hover { text-decoration: underline solid; }
.where { color: var(--muted); white-space: nowrap; } .value { overflow-wrap: anywhere; } .evidence td, .evidence th { font-size: .84rem; }
.value code { font-size: inherit; } code.value { font-size: .86em; font-weight: 400; letter-spacing: 0; }
.heat { table-layout: fixed; border-collapse: separate; border-spacing: 2px; font-size: .78rem; } .heat caption { font-size: .88rem; }
.heat th, .heat td { border: 0; padding: 0; text-align: center; vertical-align: middle; } .heat thead th { font-size: .72rem; padding-bottom: 2px; }
.heat th:first-child { width: 24%; text-align: left; padding-right: 6px; overflow-wrap: anywhere; line-height: 1.2; }
.heat td a { display: block; padding: 6px 0; border-radius: 3px; }
.heat td a:hover { outline: 2px solid var(--ink); text-decoration: none; } .heat td.none { color: var(--muted); }
.h0 { --cell: var(--h0); } .h1 { --cell: var(--h1); } .h2 { --cell: var(--h2); } .h3 { --cell: var(--h3); } .h4 { --cell: var(--h4); } .h5 { --cell: var(--h5); }
.heat td a { background: var(--cell, transparent); color: var(--on-low); } .heat td.none a { color: var(--muted); } .heat .h4 a, .heat .h5 a { color: var(--on-high); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 12px; list-style: none; margin: 0 0 10px; padding: 0; font-size: .8rem; }
.legend span { display: inline-block; width: 14px; height: 14px; border-radius: 3px; margin-right: 5px; vertical-align: -2px; background: var(--cell); }
.dates { display: grid; grid-template-columns: repeat(7, minmax(0, 34px)); gap: 3px; list-style: none; margin: 10px 0 0; padding: 0; font-size: .78rem; text-align: center; }
.dates li { position: relative; border-radius: 4px; padding: 4px 0; background: var(--soft-good); } .dates .name, .dates .gap { background: none; color: var(--muted); }
.dates .partly { background: var(--soft-bad); } .dates sup { position: absolute; right: 3px; top: 0; color: var(--bad); font-weight: 700; }
.dates .rejected, .dates .incomplete, .dates .missing, .dates .rolled-back { background: none; box-shadow: inset 0 0 0 2px var(--bad); }
.refused { color: var(--bad); overflow-wrap: anywhere; } .alerts { margin: 4px 0 0; padding-left: 18px; font-size: .88rem; } .card h3 { margin-top: 12px; }
dl { margin: 8px 0 0; columns: 2; column-gap: 32px; font-size: .86rem; } dl > div { break-inside: avoid; padding: 4px 6px; border-radius: 6px; }
dt { font-weight: 600; } dt code { color: var(--muted); font-weight: 400; } dd { margin: 0; color: var(--muted); }
:target { background-color: var(--soft-good); } #trust:target { background: none; }
footer { margin-top: 24px; font-size: .82rem; }
.why { display: none; position: fixed; z-index: 2; right: 16px; bottom: 16px; width: min(600px, calc(100vw - 32px)); max-height: calc(100vh - 32px);
  overflow: auto; overscroll-behavior: contain; background: var(--card); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 12px 40px var(--shade); padding: 0 20px 18px; font-size: .9rem; }
.why:target { display: block; background: var(--card); }
.why:has(:target) { display: block; }
.why-head { border-bottom: 1px solid var(--line); margin-bottom: 10px; position: sticky; top: 0; display: flex; gap: 12px; justify-content: space-between; align-items: flex-start; background: var(--card); padding: 14px 0 8px; }
.why-head h3 { font-size: 1.02rem; overflow-wrap: anywhere; } .close { font-size: 1.5rem; line-height: 1; padding: 2px 8px; border-radius: 6px; color: var(--muted); }
.why table { margin: 10px 0; font-size: .82rem; } .why th, .why td { padding: 4px 6px; overflow-wrap: anywhere; } .why td.n { overflow-wrap: normal; }
.why [id] { scroll-margin-top: 64px; } .why [id]:focus-visible { outline: 0; } .days th:first-child { width: 30%; }
summary { cursor: pointer; } summary h2 { display: inline; }
.formula { font-variant-numeric: tabular-nums; background: var(--soft-good); border-radius: 4px; padding: 0 4px; overflow-wrap: anywhere; } .steps { margin: 0; padding-left: 18px; }
@media (max-width: 1000px) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (max-width: 760px) {
  body { padding: 18px 14px 40px; font-size: 14px; } h1 { font-size: 1.6rem; }
  .pair { grid-template-columns: minmax(0, 1fr); } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
  .chart.broad, .wide { display: none; } .chart.small { display: block; } .card { padding: 13px 14px; } dl { columns: 1; }
  .why { right: 0; left: 0; bottom: 0; width: auto; max-height: 80vh; border-radius: 14px 14px 0 0; padding: 0 16px 16px; }
  th, td { padding: 6px 5px; } .heat td a { padding: 8px 0; }
}
@media print {
  :root { ${light} --paper: #fff; } @page { size: A4; margin: 13mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  html { font-size: 10.5px; } body { max-width: none; padding: 0; font-size: .95rem; } .why, aside { display: none !important; } a { text-decoration: none !important; }
  .tiles { grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 6px; } .value { font-size: 1.35rem; } .tile { padding: 8px; }
  .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; } main > * { margin-top: 10px; } .card { padding: 9px 10px; }
  .chart.small, .broad { display: none; } .chart.broad { display: block; } .wide { display: table-cell; }
  .card, .tile, tr, figure { break-inside: avoid; } .trust a { color: inherit; } th, td { padding: 3px 5px; } .heat td a { padding: 2px 0; } dl { columns: 3; } details summary::marker { content: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
