"""What every step of a run works with."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from pyspark.sql import SparkSession

from sales_etl_spark.catalog import Catalog
from sales_etl_spark.contract import Contract
from sales_etl_spark.control import Control
from sales_etl_spark.glue_views import GlueViews
from sales_etl_spark.layout import StoredTable, stored_tables
from sales_etl_spark.lease import Lease
from sales_etl_spark.log import Log
from sales_etl_spark.storage import Storage


def _pass(_: str) -> None:
    """Nobody is looking."""


@dataclass(frozen=True)
class Job:
    spark: SparkSession
    contract: Contract
    catalog: Catalog
    control: Control
    lease: Lease
    log: Log
    run_id: str
    landing: str
    business_dates: Sequence[str] = ()
    gaps: Control | None = None
    """Where the receipts of accepted gaps lie; None: in `control`."""
    not_read: Collection[str] | None = None
    """The tables whose files the gate has not read; None: it has read none."""
    quick_from: int = 1024 * 1024
    """In bytes, of a run's files together: from there on they are written while they are judged."""
    stop: bool = False
    """Load nothing after the first date that is not accepted."""
    views: GlueViews | None = None
    """Where readers' views lie; None where the catalog has none: there, readers look into the receipts themselves."""
    at: Callable[[str], None] = field(default=_pass)
    """Told the name of each point at which a run can die and leave something behind."""

    def is_left(self, table: str) -> bool:
        """Whether nobody has looked at a table's files before."""
        return self.not_read is None or table in self.not_read

    @property
    def storage(self) -> Storage:
        return Storage(self.spark)

    @property
    def tables(self) -> list[StoredTable]:
        return stored_tables(self.contract)
