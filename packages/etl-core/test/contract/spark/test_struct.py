"""Spark reads the derived schemas as what they were before; no Java is needed for that."""

import json
import os
from pathlib import Path

import pytest
from pyspark.sql.types import BooleanType, DateType, DecimalType, IntegerType, LongType, StringType, StructType

FILES = sorted(Path(os.environ["SALES_ETL_DERIVED"]).glob("*/spark/*.struct.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_is_a_struct_type(path: Path) -> None:
    given = json.loads(path.read_text())
    struct = StructType.fromJson(given)
    assert json.loads(struct.json()) == given
    known = (BooleanType, DateType, DecimalType, IntegerType, LongType, StringType)
    assert all(isinstance(field.dataType, known) for field in struct)


def test_types_are_the_contracts() -> None:
    (path,) = [path for path in FILES if path.name == "sales.struct.json"]
    struct = StructType.fromJson(json.loads(path.read_text()))
    assert struct["trans_id"].dataType == LongType()
    assert struct["sales_amt"].dataType == DecimalType(18, 2)
    assert (struct["trans_dt"].dataType, struct["trans_dt"].nullable) == (DateType(), False)
