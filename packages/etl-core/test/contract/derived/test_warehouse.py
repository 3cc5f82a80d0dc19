"""The DDL of both dialects parses, as one meaning; Glue's own model takes the raw tables."""

import re

import botocore.loaders
import botocore.model
import botocore.validate
import sqlglot
from conftest import Derived
from sqlglot import exp


def table_of(sql: str, dialect: str) -> exp.Create:
    (create,) = sqlglot.parse(sql, read=dialect)
    assert isinstance(create, exp.Create)
    assert create.kind == "TABLE"
    return create


def columns_of(create: exp.Create) -> list[tuple[str, str]]:
    return [(column.name, column.args["kind"].sql("spark")) for column in create.this.find_all(exp.ColumnDef)]


def test_athena_and_spark_have_the_same_columns(derived: Derived) -> None:
    for path in derived.files("iceberg"):
        if path.parent.name != "athena":
            continue
        athena = table_of(path.read_text(), "athena")
        spark = table_of((path.parents[1] / "spark" / path.name).read_text(), "spark")
        assert columns_of(athena) == columns_of(spark)
        struct = derived.json(f"spark/{path.stem}.struct.json")
        assert [name for name, _ in columns_of(spark)] == [field["name"] for field in struct["fields"]]
        assert not list(athena.find_all(exp.NotNullColumnConstraint))
        required = [column.name for column in spark.find_all(exp.ColumnDef) if column.find(exp.NotNullColumnConstraint)]
        assert required == [field["name"] for field in struct["fields"] if not field["nullable"]]


def test_partitions_are_columns(derived: Derived) -> None:
    for path in derived.files("iceberg"):
        sql = path.read_text()
        columns = re.findall(r"^PARTITIONED BY \((\w+)\)$", sql, re.MULTILINE)
        # A dimension is written as a whole.
        if path.stem.endswith("_dim"):
            assert columns == []
            continue
        (column,) = columns
        assert column in [name for name, _ in columns_of(table_of(sql, path.parent.name))]


def test_glue_takes_the_raw_tables(derived: Derived) -> None:
    model = botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model("glue", "service-2"), "glue")
    validator = botocore.validate.ParamValidator()
    for path in derived.files("glue"):
        table = derived.json(f"glue/{path.name}")
        report = validator.validate(table, model.shape_for("TableInput"))
        assert not report.has_errors(), report.generate_report()
        # Botocore lets nothing pass that it does not know.
        assert validator.validate({**table, "Colour": "red"}, model.shape_for("TableInput")).has_errors()
        assert f"raw_{table['StorageDescriptor']['Location'].split('/')[-2]}" == table["Name"] == path.stem
