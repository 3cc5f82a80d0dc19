"""The schemas are valid ones, take rows as they should be and refuse the others."""

import pytest
from conftest import Derived
from jsonschema import Draft202012Validator, FormatChecker

VALUES = {"integer": 1, "string": "1.50", "boolean": True}


def example(schema: dict) -> dict:
    def value(column: dict) -> object:
        if "enum" in column:
            return column["enum"][0]
        kind = column["type"] if isinstance(column["type"], str) else column["type"][0]
        return (
            "2020-01-31"
            if column.get("format") == "date"
            else max(VALUES[kind], column.get("minimum", 1))
            if kind == "integer"
            else VALUES[kind]
        )

    return {name: value(column) for name, column in schema["properties"].items()}


def validator(schema: dict) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_every_schema_takes_a_row_and_refuses_a_ragged_one(derived: Derived) -> None:
    for path in derived.files("json-schema"):
        schema = derived.json(f"json-schema/{path.name}")
        check, row = validator(schema), example(schema)
        check.validate(row)
        name = next(iter(row))
        assert not check.is_valid({key: value for key, value in row.items() if key != name})
        assert not check.is_valid({**row, "no_such_column": 1})
        assert not check.is_valid({**row, name: [1]})


def test_every_nullable_column_takes_null_and_no_other_does(derived: Derived) -> None:
    tables = derived.tables
    for table, columns in tables.items():
        schema = derived.json(f"json-schema/{table}.schema.json")
        check, row = validator(schema), example(schema)
        for column in columns:
            assert check.is_valid({**row, column["name"]: None}) is not column["required"], f"{table}.{column['name']}"


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("sales", "trans_id", 2**63),
        ("sales", "trans_id", "1"),
        ("sales", "prod_key", 2**31),
        ("sales", "trans_time", 24),
        ("sales", "trans_time", 1.5),
        ("sales", "trans_dt", "2020-02-31"),
        ("sales", "trans_dt", "2020-1-31"),
        ("sales", "sales_amt", 1.5),
        ("sales", "sales_amt", "1.505"),
        ("sales", "sales_amt", "1e3"),
        ("sales", "sales_amt", "12345678901234567"),
        ("inventory", "out_of_stock_flg", 2),
        ("inventory", "promotion_flg", "true"),
    ],
)
def test_refuses_what_the_checks_refuse(derived: Derived, table: str, column: str, value: object) -> None:
    if table not in derived.tables:
        assert derived.folder.name == "rides"
        return
    schema = derived.json(f"json-schema/{table}.schema.json")
    assert not validator(schema).is_valid({**example(schema), column: value})


def test_64_bits_are_taken_to_the_last(derived: Derived) -> None:
    for path in derived.files("json-schema"):
        schema = derived.json(f"json-schema/{path.name}")
        for name, column in schema["properties"].items():
            if column.get("maximum") == 2**63 - 1:
                assert validator(schema).is_valid({**example(schema), name: 2**63 - 1})
