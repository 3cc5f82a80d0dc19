import pytest

from sales_etl_spark.arguments import parse_arguments
from sales_etl_spark.errors import UsageError

COMMON = ["--contract", "c.json", "--landing", "s3://landing/", "--warehouse", "wh", "--run-id", "r1"]


def test_one_date():
    arguments = parse_arguments([*COMMON, "--business-date", "2017-06-30"])
    assert arguments.business_dates == ("2017-06-30",)
    assert (arguments.landing, arguments.warehouse, arguments.run_id) == ("s3://landing", "wh", "r1")


def test_a_range_over_the_end_of_a_leap_february():
    arguments = parse_arguments([*COMMON, "--from", "2024-02-28", "--to", "2024-03-01"])
    assert arguments.business_dates == ("2024-02-28", "2024-02-29", "2024-03-01")


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        ([], "either by --business-date, by --business-dates or by --from and --to"),
        (["--from", "2017-06-30"], "either by --business-date, by --business-dates or by --from and --to"),
        (["--business-date", "2017-06-30", "--from", "2017-06-30", "--to", "2017-06-30"], "either by"),
        (["--from", "2017-07-01", "--to", "2017-06-30"], "--to 2017-06-30 is before --from 2017-07-01"),
        (["--business-date", "2017-6-30"], "no day written YYYY-MM-DD"),
        (["--business-date", "20170630"], "no day written YYYY-MM-DD"),
        (["--business-date", "2017-02-29"], "no day written YYYY-MM-DD"),
        (["--business-date", "2017-06-30", "--fast"], "--fast"),
    ],
)
def test_wrong_usage_is_told(dates: list[str], message: str):
    with pytest.raises(UsageError, match=message):
        parse_arguments([*COMMON, *dates])


def test_every_folder_must_be_named():
    with pytest.raises(UsageError, match="--warehouse"):
        parse_arguments(["--contract", "c.json", "--run-id", "r1", "--business-date", "2017-06-30"])
    with pytest.raises(UsageError, match="--step nightly needs --landing"):
        parse_arguments([*COMMON[:2], *COMMON[4:], "--business-date", "2017-06-30"])
    with pytest.raises(UsageError, match="--control must be named"):
        parse_arguments([*COMMON, "--business-date", "2017-06-30", "--warehouse", "s3://lake/tables"])


@pytest.mark.parametrize("name", ["control", "gaps"])
def test_what_would_be_taken_for_a_folder_of_that_name_is_refused(name: str):
    for uri in ("s3a://control/spark", "https://control", "hdfs://namenode/control"):
        with pytest.raises(UsageError, match=f"--{name} {uri} is neither a folder"):
            parse_arguments([*COMMON, "--business-date", "2017-06-30", f"--{name}", uri])
    assert parse_arguments([*COMMON, "--business-date", "2017-06-30", f"--{name}", "s3://c/spark"])


def test_steps_after_the_load_know_their_dates():
    arguments = parse_arguments([*COMMON, "--step", "publish"])
    assert (arguments.step, arguments.business_dates, arguments.control) == ("publish", (), "wh/_control")


def test_a_rollback_names_a_run():
    assert parse_arguments([*COMMON, "--step", "rollback", "--to", "run 7"]).to_run == "run 7"
    with pytest.raises(UsageError, match="--step rollback needs --to RUN"):
        parse_arguments([*COMMON, "--step", "rollback"])


def test_several_dates_by_name_in_order():
    arguments = parse_arguments([*COMMON, "--business-dates", "2017-06-30,2017-07-03"])
    assert arguments.business_dates == ("2017-06-30", "2017-07-03")
    for wrong in ("2017-07-03,2017-06-30", "2017-07-03,2017-07-03", "2017-07-03,"):
        with pytest.raises(UsageError, match="--business-dates"):
            parse_arguments([*COMMON, "--business-dates", wrong])
