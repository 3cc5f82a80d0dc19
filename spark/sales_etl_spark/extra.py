"""The columns of a file that the contract does not know, where its table keeps them: one JSON text a row."""

from collections.abc import Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F

from sales_etl_spark.catalog import quoted
from sales_etl_spark.contract import Table


def extra_columns(table: Table, columns: Mapping[str, str]) -> Column:
    """An object of texts in the order of their names, without the empty ones; NULL where there is none.

    `columns`: by name what the file's header calls it. The text is to the byte the one of the embedded engine: rows are
    compared with it in dumps of all days and in the history of dimensions.
    """
    # Sorted as the embedded engine sorts, by UTF-16: that is not the order of code points.
    names = sorted(columns.keys() - set(table.column_names), key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    if not names:
        return F.lit(None).cast("string")
    members = [F.nullif(F.col(quoted(columns[name])), F.lit("")).alias(name) for name in names]
    return F.nullif(F.to_json(F.struct(*members), {"ignoreNullFields": "true"}), F.lit("{}"))
