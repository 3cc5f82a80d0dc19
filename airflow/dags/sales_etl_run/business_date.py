"""Which day a run is for."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

RUN_ID_PREFIX = "sales_daily__"


# What the Lambda trigger-dag calls the run of an accepted date: the date, the gate's judgement, the attempt.
_OF_THE_GATE = re.compile(r"sales_daily__\d{4}-\d\d-\d\d__[0-9a-f]{16}(__([2-9]|[1-9]\d))?")


def is_of_the_gate(run_id: str) -> bool:
    """Whether the gate has accepted the date before the run began. Otherwise a person began it, by form or by REST."""
    return _OF_THE_GATE.fullmatch(run_id) is not None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # fromisoformat also reads 20170630 and 2017-W26-5.
    return day if day.isoformat() == text else None


def business_date_of(run_id: str, moment: datetime, params: Mapping[str, object]) -> str:
    """The parameter `business_date`; without it, the day before the run's moment.

    A run started over REST is called `sales_daily__<date>__<delivery>` so that a second request for a delivery is
    refused. Such a name must say the date that is loaded.
    """
    given = params.get("business_date")
    text = str(given) if given is not None else (moment - timedelta(days=1)).date().isoformat()
    if _day(text) is None:
        raise ValueError(f"business_date {text!r} is no day written YYYY-MM-DD")
    named = run_id.removeprefix(RUN_ID_PREFIX)
    if named != run_id and named.split("__")[0] != text:
        raise ValueError(f"the run is called {run_id} but its business_date is {text}: set the parameter business_date")
    return text
