"""Views in the Glue catalog as Athena writes them, and Trino reads them: their SQL as JSON in a comment, in Base64.

https://docs.aws.amazon.com/athena/latest/ug/views.html; the form is that of a view which Athena's CREATE VIEW has made.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from py4j.protocol import Py4JJavaError

from sales_etl_spark.aws import client_factory, error_name
from sales_etl_spark.catalog import Catalog
from sales_etl_spark.contract import Column
from sales_etl_spark.errors import RunError

CATALOG = "awsdatacatalog"
"""Athena's name of the Glue catalog."""
_VIEW = "VIRTUAL_VIEW"
_LONGEST_COMMENT = 255
_TRINO = {"int": "integer", "string": "varchar"}


def trino_type(column: Column) -> str:
    """`decimal(18,2)`, `bigint`, `date` and `boolean` are the same words in Spark and in Trino."""
    name = column.type.simpleString()
    return _TRINO.get(name, name)


@dataclass(frozen=True)
class StoredView:
    version: str
    """Of the definition: a replacement names the version that it replaces."""
    parameters: Mapping[str, str]


class GlueViews:
    """The views of one database."""

    def __init__(self, catalog: Catalog) -> None:
        jvm = catalog.spark._jvm
        self._database = catalog.namespace
        self._client = client_factory(catalog.spark, catalog.name).glue()
        self._model = jvm.software.amazon.awssdk.services.glue.model
        self._jvm = jvm

    def read(self, name: str) -> StoredView | None:
        """Raises VIEW_NAME_TAKEN where something else has the name."""
        request = self._model.GetTableRequest.builder().databaseName(self._database).name(name).build()
        try:
            found = self._client.getTable(request).table()
        except Py4JJavaError as error:
            if error_name(error) == "EntityNotFoundException":
                return None
            raise
        parameters = dict(found.parameters())
        if found.tableType() != _VIEW or parameters.get("presto_view") != "true":
            raise RunError(
                "VIEW_NAME_TAKEN",
                f"{self._database}.{name} is no view of Athena: it stands where the view for readers belongs; "
                "give it another name, or remove it, and run again",
            )
        return StoredView(found.versionId(), parameters)

    def _text(self, columns: Sequence[Column], sql: str) -> str:
        view = {
            "originalSql": sql,
            "catalog": CATALOG,
            "schema": self._database,
            "columns": [{"name": column.name, "type": trino_type(column)} for column in columns],
        }
        return f"/* Presto View: {b64encode(json.dumps(view).encode()).decode()} */"

    def _column(self, column: Column):
        builder = self._model.Column.builder().name(column.name).type(column.type.simpleString())
        return builder.comment(column.comment[:_LONGEST_COMMENT]).build()

    def write(
        self, name: str, title: str, columns: Sequence[Column], sql: str, about: Mapping[str, str], before: str | None
    ) -> bool:
        """All of it at once. `about`: parameters; `before`: the version to replace, None where there is no view yet.

        False where somebody else was faster.
        """
        listed = self._jvm.java.util.ArrayList()
        for column in columns:
            listed.append(self._column(column))
        parameters = self._jvm.java.util.HashMap()
        for key, value in {"presto_view": "true", "comment": "Presto View", **about}.items():
            parameters[key] = value
        storage = self._model.StorageDescriptor.builder().columns(listed).location("")
        storage = storage.serdeInfo(self._model.SerDeInfo.builder().build()).build()
        table = self._model.TableInput.builder().name(name).description(title).tableType(_VIEW).parameters(parameters)
        table = table.partitionKeys(self._jvm.java.util.ArrayList()).storageDescriptor(storage)
        table = table.viewOriginalText(self._text(columns, sql)).viewExpandedText("/* Presto View */").build()
        try:
            if before is None:
                request = self._model.CreateTableRequest.builder().databaseName(self._database).tableInput(table)
                self._client.createTable(request.build())
            else:
                request = self._model.UpdateTableRequest.builder().databaseName(self._database).tableInput(table)
                # As Iceberg does it: no version of the night before is kept, of which Glue counts a limited number.
                self._client.updateTable(request.versionId(before).skipArchive(True).build())
        except Py4JJavaError as error:
            if error_name(error) in ("AlreadyExistsException", "ConcurrentModificationException"):
                return False
            raise
        return True


def open_views(catalog: Catalog) -> GlueViews | None:
    """None where the catalog is a folder."""
    return GlueViews(catalog) if catalog.is_glue else None
