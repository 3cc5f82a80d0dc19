-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.weekly_fact (
  yr_wk_num int COMMENT 'Fiscal year and week, YYYYWW',
  store_key int COMMENT 'Store',
  prod_key int COMMENT 'Product',
  sales_qty decimal(18,2) COMMENT 'Units sold: sum of the quantities sold in the week; returns count negatively',
  sales_amt decimal(18,2) COMMENT 'Sales: sum of the amounts paid in the week; returns count negatively',
  sales_cost decimal(18,2) COMMENT 'Cost: sum of the costs of what was sold, without shipping',
  sales_mgrn decimal(18,2) COMMENT 'Margin: sum of the margins as the source has them; unknown where no line has one',
  discount decimal(18,2) COMMENT 'Discount: sum of the discounts given; unknown where no line has one',
  ship_cost decimal(18,2) COMMENT 'Shipping: sum of the costs of shipping; unknown where no line has one',
  avg_price decimal(18,4) COMMENT 'Average price: amount paid / quantity sold in the week; unknown where the quantity is not above 0',
  stock_on_hand_eow decimal(18,2) COMMENT 'Stock on hand: on hand in the last inventory snapshot inside the week; unknown where there is none',
  stock_on_order_eow decimal(18,2) COMMENT 'Stock on order: on order in the last inventory snapshot inside the week; unknown where there is none, or where it does not say',
  stock_as_of_dt date COMMENT 'Stock as of: day of the last inventory snapshot inside the week',
  days_tracked int COMMENT 'Days tracked: days of the week with an inventory row',
  out_of_stock_days int COMMENT 'Days out of stock: days of the week whose inventory row says out of stock',
  pct_in_stock decimal(18,4) COMMENT 'In stock: (days tracked - days out of stock) / days tracked; unknown where no day is tracked',
  low_stock_instances int COMMENT 'Days of low stock: days of the week on which on hand was below the quantity sold that day',
  no_stock_instances int COMMENT 'Times out of stock: sum of the days\' out-of-stock flags',
  total_low_stock_impact int COMMENT 'Shortages: sum of the days\' out-of-stock and low-stock flags; a day with both counts twice',
  potential_low_stock_impact decimal(18,4) COMMENT 'Sales at risk: sum over the days of low stock, with a quantity above 0, of amount paid - on hand x amount paid / quantity sold, each day rounded to 4 places',
  potential_low_stock_units decimal(18,2) COMMENT 'Units at risk: sum over the same days of quantity sold - on hand',
  no_stock_impact decimal(18,2) COMMENT 'Sales while out of stock: sum of the amounts paid on days that are out of stock',
  weeks_of_supply decimal(18,4) COMMENT 'Weeks of supply: stock on hand / quantity sold in the week; unknown where the quantity is not above 0 or the stock is unknown'
)
PARTITIONED BY (yr_wk_num)
LOCATION 's3://sales-etl-example-warehouse/tables/weekly_fact'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
