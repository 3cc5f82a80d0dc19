"""An invented data set of two tables, to show that the job knows no table by name; and a way to let it land."""

import gzip
import json
from pathlib import Path

RETAIL = Path(__file__).parents[2] / "packages" / "etl-core" / "generated" / "spark" / "retail.json"

VISITS_CHECK = """
SELECT TRY_CAST(day AS DATE) AS day, TRY_CAST(site AS INT) AS site, TRY_CAST(people AS DECIMAL(10,1)) AS people,
  _file, _business_date, _origin, CONCAT_WS('|', day, site, people) AS _texts,
  CONCAT_WS(';',
    CASE WHEN TRY_CAST(day AS DATE) IS NULL THEN 'day=VALUE_NOT_DATE' END,
    CASE WHEN TRY_CAST(people AS DECIMAL(10,1)) IS NULL THEN 'people=VALUE_NOT_DECIMAL' END) AS _problems
FROM raw_visits
"""

SEASONS_CHECK = """
SELECT CAST(day AS DATE) AS day, season, _file, _business_date, _origin, '' AS _texts, '' AS _problems FROM raw_seasons
"""

_DAY = "(?:[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?"
VISITS_PLAIN = {
    "fields": {"day": _DAY, "site": "(?:-?[0-9]+)?", "people": "(?:-?[0-9]+(?:[.][0-9]{1,1}0*)?)?"},
    "accepted": "day IS NOT NULL AND day <= CAST(_business_date AS DATE) AND people IS NOT NULL",
}
SEASONS_PLAIN = {"fields": {"day": _DAY, "season": r'[^",\r\n\x00\uFFFD]*'}, "accepted": "day IS NOT NULL"}

SEASON_FACT = """
SELECT s.season, v.site, CAST(SUM(v.people) AS DECIMAL(18,1)) AS people
FROM visits v JOIN seasons s ON s.day = v.day JOIN touched_periods t ON t.season = s.season
GROUP BY s.season, v.site
"""


# Of one publish the two sums are equal.
SEASON_VIEW = """
SELECT f.season, f.site, f.people, v.visited
FROM season_fact f
LEFT JOIN (
  SELECT s.season, v.site, CAST(SUM(v.people) AS DECIMAL(18,1)) AS visited
  FROM visits v JOIN seasons_dim s ON s.day = v.day
  GROUP BY s.season, v.site
) v ON v.season = f.season AND v.site = f.site
"""


PEOPLE_TOTAL = """
SELECT f.total AS in_fact, v.total AS in_visits
FROM (SELECT COALESCE(SUM(people), 0) AS total FROM candidate) f
CROSS JOIN (
  SELECT COALESCE(SUM(v.people), 0) AS total
  FROM visits v JOIN seasons s ON s.day = v.day JOIN touched_periods t ON t.season = s.season
) v
WHERE f.total <> v.total
"""


def cumulative(table: str) -> dict[str, object]:
    """As generated; the SQL is that of `visits`."""
    changes, history = (
        (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("dump_changes.sql", "dump_history.sql")
    )
    relations = {name: f"{table}_{name}" for name in ("known", "dump", "now", "changes", "days")}
    return {"changesSql": changes, "historySql": history, "relations": relations}


def column(name: str, type_: str, nullable: bool = False) -> dict[str, object]:
    return {"name": name, "type": type_, "nullable": nullable, "comment": f"The {name}"}


def table(name: str, load: str, columns: list[dict[str, object]], check_sql: str, **more: object) -> dict[str, object]:
    common = {"key": [], "dated": None, "tolerance": 1, "freshness": 0, "messages": {}, "drift": "reject"}
    common["carried"] = []
    common["plain"] = None
    common["cumulative"] = cumulative(name) if load == "cumulative" else None
    return {**common, "name": name, "load": load, "columns": columns, "checkSql": check_sql, **more}


def visits_table(**more: object) -> dict[str, object]:
    columns = [column("day", "date"), column("site", "int"), column("people", "decimal(10,1)")]
    messages = {"day=VALUE_NOT_DATE": "No day.", "people=VALUE_NOT_DECIMAL": "No decimal."}
    dated = {"column": "day", "lateness": 7}
    return table(
        "visits",
        **{"load": "delta", "dated": dated, "messages": messages, "plain": VISITS_PLAIN, **more},
        columns=columns,
        check_sql=VISITS_CHECK,
    )


def seasons_table(**more: object) -> dict[str, object]:
    columns = [column("day", "date"), column("season", "string")]
    more = {"load": "snapshot", "key": ["day"], "plain": SEASONS_PLAIN, **more}
    return table("seasons", **more, columns=columns, check_sql=SEASONS_CHECK)


def quality_check(name: str, rule: str, sql: str, severity: str = "error") -> dict[str, object]:
    return {"name": name, "rule": rule, "sql": sql, "reads": "fact", "severity": severity, "over": None}


def season_view(**more: object) -> dict[str, object]:
    people, visited = column("people", "decimal(18,1)", True), column("visited", "decimal(18,1)", True)
    columns = [column("season", "string"), column("site", "int"), people, visited]
    reads = ["season_fact", "seasons_dim", "visits"]
    view = {"name": "season_visits", "title": "Seasons and visits", "reads": reads, "columns": columns}
    return {**view, "sql": SEASON_VIEW.strip(), **more}


def contract_json(**changes: object) -> str:
    contract = {
        "format": 9,
        "dataset": "park",
        "contractVersion": "1",
        "tables": [visits_table(), seasons_table()],
        "dimensions": [
            {"name": "seasons_dim", "table": "seasons", "title": "Seasons", "key": ["day"], "history": None}
            | {"columns": [column("day", "date"), column("season", "string")]}
        ],
        # The same in every data set.
        "operations": json.loads(RETAIL.read_text(encoding="utf-8"))["operations"],
        "views": [season_view()],
        "fact": {
            "name": "season_fact",
            "period": "season",
            "keys": ["site"],
            "calendar": {"table": "seasons", "date": "day", "period": "season"},
            "flow": {"table": "visits", "date": "day"},
            "stock": None,
            "sources": ["visits", "seasons"],
            "columns": [column("season", "string"), column("site", "int"), column("people", "decimal(18,1)", True)],
            "sql": SEASON_FACT,
            "candidate": "candidate",
            "checks": [
                {
                    "name": "people_total",
                    "rule": "the fact holds every visit",
                    "sql": PEOPLE_TOTAL,
                    "reads": "fact",
                    "severity": "error",
                    "over": None,
                }
            ],
        },
    }
    return json.dumps({**contract, **changes})


SEASONS = "day,season\n2024-02-28,low\n2024-02-29,low\n2024-03-01,high\n"


class Landing:
    """Writes files and the manifest of a date as a source would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, key: str, text: str | bytes) -> str:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(content) if key.endswith(".gz") else content)
        return key

    def manifest(self, business_date: str, files: list[dict[str, object]], **changes: object) -> None:
        manifest = {"version": 1, "businessDate": business_date, "files": files, **changes}
        self.write(f"_manifest/dt={business_date}/manifest.json", json.dumps(manifest))

    def export(self, business_date: str, **texts: str) -> None:
        """One file a table and the manifest; no text here has a line end inside a field."""
        files = []
        for table, text in texts.items():
            key = self.write(f"{table}/dt={business_date}/{table}_{business_date}.csv", text)
            files.append({"table": table, "file": key, "rows": len(text.splitlines()) - 1, "bytes": len(text.encode())})
        self.manifest(business_date, files)
