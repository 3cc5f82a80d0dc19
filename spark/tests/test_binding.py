"""The tables know their control: a run that was given another one ends before it writes anything, a lease included."""

import json
from pathlib import Path
from threading import Barrier, Thread

import pytest
from house import House
from small_dataset import SEASONS

from sales_etl_spark.binding import binding_key
from sales_etl_spark.control import FolderControl
from sales_etl_spark.errors import RunError

DAY = "2024-02-29"


@pytest.fixture
def used(house: House) -> House:
    house.landing.export(DAY, visits=f"day,site,people\n{DAY},1,2.5\n", seasons=SEASONS)
    house.run(DAY)
    return house


def beside(house: House) -> Path:
    return Path(house.catalog.folder(house.job.contract.fact.name)) / binding_key(house.job.contract.fact.name)


def other_control(house: House, folder: Path) -> House:
    """A run of the same tables with another --control."""
    other = House(house.spark, folder, landing=house.landing.folder, catalog=house.catalog)
    other.control = FolderControl(folder / "elsewhere")
    return other


def test_the_first_run_says_which(used: House):
    said = json.loads(beside(used).read_text())
    assert said == {"control": str(Path(used.control.uri).resolve()), "since": "r1"}
    assert used.run(DAY).code == 0
    assert json.loads(beside(used).read_text()) == said


@pytest.mark.parametrize("step", ["nightly", "load", "maintain", "rollback"])
def test_another_one_is_refused_and_leaves_nothing_behind(used: House, tmp_path: Path, step: str):
    other = other_control(used, tmp_path)
    with pytest.raises(RunError) as error:
        other.run(*([DAY] if step in ("nightly", "load") else []), step=step, to_run="r1")
    assert error.value.code == "CONTROL_DIFFERS"
    assert error.value.exit_code == 2
    for named in (used.control.uri, other.control.uri, str(beside(used))):
        assert named in str(error.value)
    assert other.control.keys("") == []


def test_the_way_out_is_to_name_it_in_the_object(used: House, tmp_path: Path):
    other = other_control(used, tmp_path)
    beside(used).write_text(json.dumps({"control": other.control.uri, "since": "by hand"}))
    assert other.run(DAY).code == 0
    with pytest.raises(RunError, match="CONTROL_DIFFERS"):
        used.run(DAY)


def test_an_object_that_says_nothing_is_no_licence(used: House):
    for text in ("", "{}", "[]"):
        beside(used).write_text(text)
        with pytest.raises(RunError, match="CONTROL_INVALID"):
            used.run(DAY)


def test_the_same_folder_in_other_words_is_the_same(used: House, monkeypatch: pytest.MonkeyPatch):
    folder = Path(used.control.uri)
    monkeypatch.chdir(folder.parent)
    link = folder.parent / "link"
    link.symlink_to(folder)
    for uri in (folder.name, f"{folder.parent}/./{folder.name}", str(link)):
        used.control = FolderControl(Path(uri))
        assert used.run(DAY).code == 0


def test_of_two_first_runs_with_two_controls_one_goes_on(house: House, tmp_path: Path):
    house.landing.export(DAY, visits=f"day,site,people\n{DAY},1,2.5\n", seasons=SEASONS)
    other = other_control(house, tmp_path)
    together, ended = Barrier(2), []

    def begin(one: House, name: str) -> None:
        together.wait()
        try:
            ended.append(one.run(DAY, run_id=name).code)
        except RunError as error:
            ended.append(error.code)

    threads = [Thread(target=begin, args=args) for args in ((house, "one"), (other, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ended)) == ["0", "CONTROL_DIFFERS"]
