"""Runs that ask for the lease at the same moment."""

import threading

from sales_etl_spark.control import Control
from sales_etl_spark.errors import RunError
from sales_etl_spark.lease import Lease


def ask_at_once(control: Control, runs: int) -> tuple[list[int], list[str]]:
    """The tokens that were given, and the codes of the refusals."""
    start = threading.Barrier(runs)
    tokens: list[int] = []
    refused: list[str] = []

    def ask(name: str) -> None:
        start.wait()
        try:
            tokens.append(Lease(control, name).acquire())
        except RunError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=ask, args=(f"run {number}",)) for number in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tokens, refused
