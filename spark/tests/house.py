"""A warehouse in a folder for one test, and runs in it as the command makes them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from small_dataset import Landing, contract_json

from sales_etl_spark.arguments import Arguments
from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.catalog import Catalog, open_catalog
from sales_etl_spark.command import run_job
from sales_etl_spark.control import Control, FolderControl
from sales_etl_spark.glue_views import open_views
from sales_etl_spark.job import Job
from sales_etl_spark.lease import Lease
from sales_etl_spark.log import Log

_NUMBERS = count(1)


class Killed(BaseException):
    """As a process that is killed: no `except Exception` tidies up after it."""


@dataclass(frozen=True)
class Recorded(Log):
    lines: list[dict[str, object]] = field(default_factory=list)

    def write(self, event: str, **values: object) -> None:
        self.lines.append({"event": event, **values})


@dataclass(frozen=True)
class Ended:
    code: int
    log: Sequence[Mapping[str, object]]

    def events(self, name: str) -> list[Mapping[str, object]]:
        return [line for line in self.log if line["event"] == name]


class House:
    def __init__(
        self,
        spark: SparkSession,
        folder: Path,
        contract: str | None = None,
        landing: Path | None = None,
        catalog: Catalog | None = None,
        control: Control | None = None,
    ) -> None:
        self.spark = spark
        self.contract_text = contract or contract_json()
        self.landing = Landing(landing or folder / "landing")
        self.control = control or FolderControl(folder / "control")
        self.catalog = catalog or open_catalog(spark, f"house{next(_NUMBERS)}", "park", str(folder / "warehouse"))
        self.views = open_views(self.catalog)
        self.quick_from = Job.quick_from
        self._runs = count(1)

    def run(
        self,
        *dates: str,
        step: str = "nightly",
        run_id: str | None = None,
        at: Callable[[str], None] = lambda _: None,
        **changes: object,
    ) -> Ended:
        """Raises what the job raises, as the command catches it outside of here."""
        arguments = Arguments(
            **{
                "step": step,
                "contract": "",
                "contract_version": None,
                "landing": str(self.landing.folder),
                "warehouse": "",
                "catalog": self.catalog.name,
                "database": None,
                "control": "",
                "gaps": None,
                "business_dates": dates,
                "left_to_spark": (),
                "run_id": run_id or f"r{next(self._runs)}",
                "to_run": None,
                "stop": False,
                "wait_seconds": 0.0,
                "lease_seconds": 300.0,
                "retention_days": 30,
                "quick_from": self.quick_from,
                **changes,
            }
        )
        log = Recorded({})
        job = Job(
            spark=self.spark,
            contract=parse_contract(self.contract_text),
            catalog=self.catalog,
            control=self.control,
            lease=Lease(self.control, arguments.run_id, arguments.lease_seconds),
            log=log,
            run_id=arguments.run_id,
            landing=arguments.landing,
            business_dates=dates,
            not_read=arguments.left_to_spark,
            stop=arguments.stop,
            views=self.views,
            quick_from=arguments.quick_from,
            at=at,
        )
        self.job = job
        return Ended(run_job(job, arguments), log.lines)

    def table(self, name: str) -> DataFrame:
        return self.catalog.read(name)

    def fact(self) -> DataFrame:
        contract = parse_contract(self.contract_text)
        return self.table(contract.fact.name).select(*contract.fact.schema.fieldNames())

    def expire_lease(self) -> None:
        """As if the time had passed after which a dead run is dead."""
        stored = self.control.read("lease.json")
        assert stored is not None
        self.control.write("lease.json", json.dumps({**json.loads(stored.text), "expires": 0}))
