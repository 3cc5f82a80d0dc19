from datetime import UTC, datetime

import pytest

from sales_etl_run.business_date import business_date_of, is_of_the_gate

MOMENT = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("run_id", "params", "expected"),
    [
        ("sales_daily__2017-06-30", {"business_date": "2017-06-30"}, "2017-06-30"),
        ("sales_daily__2017-06-30__0a1b2c3d4e5f6071", {"business_date": "2017-06-30"}, "2017-06-30"),
        ("sales_daily__2017-06-30__0a1b2c3d4e5f6071__2", {"business_date": "2017-06-30"}, "2017-06-30"),
        ("manual__2024-03-01T02:00:00+00:00_abc", {"business_date": "2017-06-30"}, "2017-06-30"),
        # The day before, over the end of a leap February.
        ("manual__2024-03-01T02:00:00+00:00_abc", {"business_date": None}, "2024-02-29"),
        ("sales_daily__2024-02-29", {}, "2024-02-29"),
    ],
)
def test_the_parameter_or_the_day_before(run_id: str, params: dict[str, object], expected: str):
    assert business_date_of(run_id, MOMENT, params) == expected


@pytest.mark.parametrize("text", ["2017-6-30", "20170630", "2017-02-29", "2017-W26-5", "", "30.06.2017", 20170630])
def test_anything_else_is_no_day(text: object):
    with pytest.raises(ValueError, match="is no day written YYYY-MM-DD"):
        business_date_of("manual__1", MOMENT, {"business_date": text})


def test_a_run_loads_the_date_in_its_name():
    with pytest.raises(ValueError, match="called sales_daily__2017-06-30 but its business_date is 2024-02-29"):
        business_date_of("sales_daily__2017-06-30", MOMENT, {})

    with pytest.raises(ValueError, match="called sales_daily__2017-06-30__0a1b2c3d4e5f6071 but"):
        business_date_of("sales_daily__2017-06-30__0a1b2c3d4e5f6071", MOMENT, {"business_date": "2017-07-01"})


@pytest.mark.parametrize(
    ("run_id", "expected"),
    [
        ("sales_daily__2017-06-30__0a1b2c3d4e5f6071", True),
        ("sales_daily__2017-06-30__0a1b2c3d4e5f6071__2", True),
        ("sales_daily__2017-06-30__0a1b2c3d4e5f6071__99", True),
        ("sales_daily__2017-06-30__0a1b2c3d4e5f6071__1", False),
        ("sales_daily__2017-06-30__0a1b2c3d4e5f6071__100", False),
        ("sales_daily__2017-06-30__0A1B2C3D4E5F6071", False),
        ("sales_daily__2017-06-30", False),
        ("manual__2024-03-01T02:00:00+00:00_abc", False),
        ("", False),
    ],
)
def test_the_name_tells_whose_run_it_is(run_id: str, expected: bool):
    assert is_of_the_gate(run_id) is expected
