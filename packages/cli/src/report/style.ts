/** The page's style: light and dark by the reader's setting, and on paper. */
export const style = `
:root { color-scheme: light dark; --paper: #ffffff; --card: #f6f7f9; --ink: #1a2230; --muted: #5b6676; --line: #dde2e9;
  --series: #7f9cc4; --now: #1f5fbf; --bad: #a8321f; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161d; --card: #1b212b; --ink: #e8ecf2; --muted: #9aa6b6;
  --line: #303947; --series: #5f7ea8; --now: #7db2ff; --bad: #ff9a86; } }
@media print { :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #bbb; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 24px 20px 48px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 32px 0 8px; }
p { margin: 4px 0; } .muted { color: var(--muted); } .bad { color: var(--bad); }
.tiles { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(168px, 1fr)); margin-top: 20px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
.tile b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.tile span { color: var(--muted); font-size: .875rem; display: block; }
.charts { display: grid; gap: 20px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); }
figure { margin: 0; } figcaption { font-weight: 600; margin: 28px 0 4px; } svg { width: 100%; height: auto; display: block; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .925rem; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
th { color: var(--muted); font-weight: 600; white-space: normal; vertical-align: bottom; }
td:first-child { white-space: nowrap; } th:first-child, td:first-child, .text th, .text td { text-align: left; }
.text td:nth-child(2) { white-space: normal; min-width: 16em; } code { font-size: .9em; overflow-wrap: anywhere; }
dt { font-weight: 600; } dd { margin: 0 0 6px; color: var(--muted); }
`;
