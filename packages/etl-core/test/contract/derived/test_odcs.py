"""The Open Data Contract is what the standard's own tool takes for one."""

from pathlib import Path

import pytest
import yaml
from conftest import Derived
from datacontract.data_contract import DataContract


def lint(path: Path) -> str:
    return str(DataContract(data_contract_file=str(path)).lint().result.value)


def test_passes_the_standards_linter(derived: Derived) -> None:
    assert lint(derived.files("odcs")[0]) == "passed"


@pytest.mark.parametrize(
    "broken",
    [
        lambda contract: contract.pop("apiVersion"),
        lambda contract: contract["schema"][0].update(colour="red"),
        lambda contract: contract["schema"][0]["properties"][0].update(logicalType="bigint"),
        lambda contract: contract["slaProperties"][0].pop("value"),
    ],
)
def test_the_linter_sees_a_fault(derived: Derived, broken, tmp_path: Path) -> None:
    contract = derived.contract
    broken(contract)
    path = tmp_path / "broken.odcs.yaml"
    path.write_text(yaml.safe_dump(contract))
    assert lint(path) != "passed"


def test_yaml_is_read_as_it_was_meant(derived: Derived) -> None:
    """Every table with its columns in order, and texts still texts."""
    for table, columns in derived.tables.items():
        schema = derived.json(f"json-schema/{table}.schema.json")
        assert [column["name"] for column in columns] == schema["required"]
        for column in columns:
            assert isinstance(column["description"], str)
            assert column["required"] is ("null" not in schema["properties"][column["name"]]["type"])
