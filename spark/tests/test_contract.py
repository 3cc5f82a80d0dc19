import pytest
from small_dataset import contract_json, visits_table

from sales_etl_spark.artifact import parse_contract
from sales_etl_spark.contract import Contract
from sales_etl_spark.errors import UsageError

pytestmark = pytest.mark.usefixtures("spark")


def test_the_generated_contract_is_understood(retail: Contract):
    assert [table.name for table in retail.tables if table.is_snapshot] == ["store", "product", "calendar"]
    assert [dated.table for dated in retail.fact.dated] == ["sales", "inventory"]
    assert retail.fact.schema.simpleString() == (
        "struct<yr_wk_num:int,store_key:int,prod_key:int,sales_qty:decimal(18,2),sales_amt:decimal(18,2),"
        "sales_cost:decimal(18,2),sales_mgrn:decimal(18,2),discount:decimal(18,2),ship_cost:decimal(18,2),"
        "avg_price:decimal(18,4),stock_on_hand_eow:decimal(18,2),stock_on_order_eow:decimal(18,2),stock_as_of_dt:date,"
        "days_tracked:int,out_of_stock_days:int,pct_in_stock:decimal(18,4),low_stock_instances:int,"
        "no_stock_instances:int,total_low_stock_impact:int,potential_low_stock_impact:decimal(18,4),"
        "potential_low_stock_units:decimal(18,2),no_stock_impact:decimal(18,2),weeks_of_supply:decimal(18,4)>"
    )
    fields = {field.name: field for field in retail.fact.schema}
    assert list(fields)[:4] == ["yr_wk_num", "store_key", "prod_key", "sales_qty"]
    types = {name: fields[name].dataType.simpleString() for name in ("yr_wk_num", "avg_price", "stock_as_of_dt")}
    assert types == {"yr_wk_num": "int", "avg_price": "decimal(18,4)", "stock_as_of_dt": "date"}
    assert (fields["prod_key"].nullable, fields["avg_price"].nullable) == (False, True)
    sales = retail.table("sales")
    assert (sales.day, sales.lateness, sales.tolerance, sales.key) == ("trans_dt", 7, 0.02, ())
    assert sales.messages["sales_qty=VALUE_NULL"].startswith("A required value is empty.")
    assert {"grain", "inventory_key", "sales_qty_total"} <= {check.name for check in retail.fact.checks}


def test_a_fact_without_stock():
    assert [dated.table for dated in parse_contract(contract_json()).fact.dated] == ["visits"]


def test_an_unknown_way_of_loading_is_not_guessed():
    with pytest.raises(UsageError, match="loads visits as 'stream'"):
        parse_contract(contract_json(tables=[visits_table(load="stream")]))


def test_another_format_is_not_read():
    with pytest.raises(UsageError, match="the contract has the format 1, this job reads 9"):
        parse_contract(contract_json(format=1))


def test_another_version_than_the_run_was_started_for():
    assert parse_contract(contract_json(), "1").version == "1"
    with pytest.raises(UsageError, match="the contract is of version 1, the run was started for 2"):
        parse_contract(contract_json(), "2")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 9, "tables": [], "fact": {}}'])
def test_something_else_is_no_contract(text: str):
    with pytest.raises(UsageError, match="no contract of a data set"):
        parse_contract(text)
