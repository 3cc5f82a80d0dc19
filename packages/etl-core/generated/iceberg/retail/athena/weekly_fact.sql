-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.weekly_fact (
  yr_wk_num int COMMENT 'Fiscal year and week, YYYYWW',
  store_key int COMMENT 'Store',
  prod_key int COMMENT 'Product',
  sales_qty decimal(18,2) COMMENT 'Units sold: sum of the quantities sold in the week; returns count negatively',
  sales_amt decimal(18,2) COMMENT 'Sales: sum of the amounts paid in the week',
  avg_price decimal(18,4) COMMENT 'Average price: amount paid / quantity sold in the week; unknown where the quantity is not above 0',
  stock_on_hand_eow decimal(18,2) COMMENT 'Stock on hand: on hand in the last inventory snapshot inside the week',
  stock_as_of_dt date COMMENT 'Stock as of: day of the last inventory snapshot inside the week',
  days_tracked int COMMENT 'Days tracked: days of the week with an inventory row',
  out_of_stock_days int COMMENT 'Days out of stock: days of the week whose inventory row says out of stock',
  pct_in_stock decimal(18,4) COMMENT 'In stock: (days tracked - days out of stock) / days tracked; unknown where no day is tracked'
)
PARTITIONED BY (yr_wk_num)
LOCATION 's3://sales-etl-example-warehouse/tables/weekly_fact'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
