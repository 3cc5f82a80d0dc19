"""An invented data set of two tables, to show that the job knows no table by name; and a way to let it land."""

import gzip
import json
from pathlib import Path

VISITS_CHECK = """
SELECT TRY_CAST(day AS DATE) AS day, TRY_CAST(site AS INT) AS site, TRY_CAST(people AS DECIMAL(10,1)) AS people,
  _file, _business_date,
  CONCAT_WS(';',
    CASE WHEN TRY_CAST(day AS DATE) IS NULL THEN 'day=VALUE_NOT_DATE' END,
    CASE WHEN TRY_CAST(people AS DECIMAL(10,1)) IS NULL THEN 'people=VALUE_NOT_DECIMAL' END) AS _problems
FROM raw_visits
"""

SEASONS_CHECK = """
SELECT CAST(day AS DATE) AS day, season, _file, _business_date, '' AS _problems FROM raw_seasons
"""

SEASON_FACT = """
SELECT s.season, v.site, CAST(SUM(v.people) AS DECIMAL(18,1)) AS people
FROM visits v JOIN seasons s ON s.day = v.day JOIN touched_periods t ON t.season = s.season
GROUP BY s.season, v.site
"""


def column(name: str, type_: str) -> dict[str, object]:
    return {"name": name, "type": type_, "nullable": False}


def contract_json(**changes: object) -> str:
    visits = [column("day", "date"), column("site", "int"), column("people", "decimal(10,1)")]
    seasons = [column("day", "date"), column("season", "string")]
    contract = {
        "dataset": "park",
        "contractVersion": "1",
        "tables": [
            {"name": "visits", "load": "delta", "columns": visits, "key": [], "checkSql": VISITS_CHECK},
            {"name": "seasons", "load": "snapshot", "columns": seasons, "key": ["day"], "checkSql": SEASONS_CHECK},
        ],
        "fact": {
            "name": "season_fact",
            "period": "season",
            "keys": ["site"],
            "calendar": {"table": "seasons", "date": "day", "period": "season"},
            "flow": {"table": "visits", "date": "day"},
            "stock": None,
            "sources": ["visits", "seasons"],
            "columns": [column("season", "string"), column("site", "int"), column("people", "decimal(18,1)")],
            "sql": SEASON_FACT,
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
            files.append({"table": table, "file": key, "rows": len(text.splitlines()) - 1, "bytes": len(text)})
        self.manifest(business_date, files)
