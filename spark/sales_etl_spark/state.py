"""What the sub-steps of one run tell each other: an object in control, written after each of them."""

import json
import re
from dataclasses import asdict, dataclass, field, replace

from sales_etl_spark.control import Control
from sales_etl_spark.errors import RunError

STAGES = ("loaded", "transformed", "checked", "published")


@dataclass(frozen=True)
class DateCounts:
    business_date: str
    fingerprint: str
    read: int
    accepted: int
    rejected: int
    bytes: int


@dataclass(frozen=True)
class RunState:
    run_id: str
    branch: str
    stage: str
    token: int
    contract_version: str
    bases: dict[str, int]
    """The snapshot of main, by table, that the branch was made from."""
    dates: list[DateCounts]
    """The dates that the branch has loaded, sorted."""
    changed_days: dict[str, list[str]] = field(default_factory=dict)
    """Of tables whose files hold all days: the days whose rows may be others than before."""
    dumps_since: dict[str, dict[str, str]] = field(default_factory=dict)
    """By date, of those tables, the first day that its file speaks of; one without a row says nothing."""
    periods: dict[str, list[object]] = field(default_factory=dict)
    """By date the periods that its rows touch."""
    fact_rows: int = 0

    @property
    def business_dates(self) -> list[str]:
        return [date.business_date for date in self.dates]

    @property
    def all_periods(self) -> list[object]:
        return sorted({period for periods in self.periods.values() for period in periods})

    def at(self, stage: str, **changes: object) -> "RunState":
        return replace(self, stage=stage, **changes)


def slug(run_id: str) -> str:
    """A run's id as it can stand in names of branches and objects."""
    return re.sub(r"[^a-z0-9]+", "-", run_id.lower()).strip("-")[:80]


def branch_name(business_date: str, run_id: str) -> str:
    return f"audit_{business_date}_{slug(run_id)}"


def _key(run_id: str) -> str:
    return f"runs/{slug(run_id)}.json"


def write_state(control: Control, state: RunState) -> None:
    control.write(_key(state.run_id), json.dumps(asdict(state)))


def read_state(control: Control, run_id: str, stage: str) -> RunState:
    """The state of a run that has come as far as `stage`, and no farther than can be gone on from."""
    stored = control.read(_key(run_id))
    if stored is None:
        raise RunError("RUN_UNKNOWN", f"the run {run_id} has loaded nothing: run its step load first")
    values = json.loads(stored.text)
    state = RunState(**{**values, "dates": [DateCounts(**date) for date in values["dates"]]})
    if STAGES.index(state.stage) < STAGES.index(stage):
        raise RunError("STEP_TOO_EARLY", f"the run {run_id} is {state.stage}: what comes next needs it to be {stage}")
    if state.stage == "published":
        raise RunError("RUN_PUBLISHED", f"the run {run_id} is published already: start another one")
    return state
