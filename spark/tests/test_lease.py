"""Who may write: leases over a folder, with a clock that the test turns."""

import threading
from pathlib import Path

import pytest
from asking import ask_at_once

from sales_etl_spark.control import FolderControl
from sales_etl_spark.errors import RunError
from sales_etl_spark.lease import Lease


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def control(tmp_path: Path) -> FolderControl:
    return FolderControl(tmp_path / "control")


def test_of_many_that_ask_at_once_one_gets_it(control: FolderControl):
    assert ask_at_once(control, 8) == ([1], ["LEASE_HELD"] * 7)


def test_the_second_is_told_who_has_it_and_until_when(control: FolderControl):
    clock = Clock()
    Lease(control, "first", 300, clock).acquire()
    with pytest.raises(RunError, match="LEASE_HELD: the run first writes to this warehouse until 1970-01-12T13:51:40"):
        Lease(control, "second", 300, clock).acquire()


def test_the_second_waits_for_the_first(control: FolderControl):
    first, second = Lease(control, "first", 1.0), Lease(control, "second", 1.0)
    first.acquire()
    timer = threading.Timer(0.3, first.release)
    timer.start()
    assert second.acquire(wait_seconds=30) == 2
    timer.join()
    second.release()


def test_a_dead_holder_loses_it_when_it_expires_and_can_publish_no_more(control: FolderControl):
    clock = Clock()
    dead, heir = Lease(control, "dead", 300, clock), Lease(control, "heir", 300, clock)
    assert dead.acquire() == 1
    dead.stop_renewing()
    clock.now += 301
    assert heir.acquire() == 2
    with pytest.raises(RunError, match="LEASE_LOST: the run heir holds the lease now"):
        dead.verify()
    # And giving back what is no longer its own changes nothing for the heir.
    dead.release()
    heir.verify()


def test_looking_renews_it(control: FolderControl):
    clock = Clock()
    lease = Lease(control, "first", 300, clock)
    lease.acquire()
    clock.now += 299
    lease.verify()
    clock.now += 299
    with pytest.raises(RunError, match="LEASE_HELD"):
        Lease(control, "second", 300, clock).acquire()


def test_it_is_renewed_while_the_work_goes_on(control: FolderControl):
    lease = Lease(control, "first", 0.4)
    lease.acquire()
    with pytest.raises(RunError, match="LEASE_HELD"):
        Lease(control, "second", 0.4).acquire(wait_seconds=1.2)
    lease.release()


def test_the_same_run_started_twice_is_two_writers(control: FolderControl):
    Lease(control, "run").acquire()
    with pytest.raises(RunError, match="LEASE_HELD"):
        Lease(control, "run").acquire()


def test_between_two_steps_a_run_keeps_its_token_and_others_wait(control: FolderControl):
    clock = Clock()
    load = Lease(control, "run", 300, clock)
    assert load.acquire() == 1
    load.park()
    with pytest.raises(RunError, match="LEASE_HELD"):
        Lease(control, "other", 300, clock).acquire()
    transform = Lease(control, "run", 300, clock)
    assert transform.acquire() == 1
    transform.park()
    clock.now += 301
    assert Lease(control, "other", 300, clock).acquire() == 2


def test_a_token_never_comes_back(control: FolderControl):
    for token in (1, 2, 3):
        lease = Lease(control, "run")
        assert lease.acquire() == token
        lease.release()


def test_what_is_no_lease_is_not_guessed(control: FolderControl):
    control.write("lease.json", "{}")
    with pytest.raises(RunError, match="LEASE_INVALID"):
        Lease(control, "run").acquire()
