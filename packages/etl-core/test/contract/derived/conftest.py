"""The derived files of a data set, as `derive.ts` wrote them; every test runs on both data sets."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

DERIVED = Path(os.environ["SALES_ETL_DERIVED"])


@dataclass(frozen=True)
class Derived:
    folder: Path

    def files(self, export_format: str) -> list[Path]:
        found = sorted(path for path in (self.folder / export_format).rglob("*") if path.is_file())
        assert found, f"nothing of {export_format} in {self.folder}"
        return found

    def json(self, name: str) -> dict:
        return json.loads((self.folder / name).read_text())

    @property
    def contract(self) -> dict:
        """The Open Data Contract."""
        return yaml.safe_load(self.files("odcs")[0].read_text())

    @property
    def tables(self) -> dict[str, list[dict]]:
        """Columns by table that lands; the fact is computed and has no source type."""
        return {
            one["name"]: one["properties"]
            for one in self.contract["schema"]
            if all(source_type(column) for column in one["properties"])
        }


def source_type(column: dict) -> str | None:
    return next((one["value"] for one in column.get("customProperties", []) if one["property"] == "sourceType"), None)


@pytest.fixture(params=["retail", "rides"])
def derived(request: pytest.FixtureRequest) -> Derived:
    return Derived(DERIVED / request.param)
