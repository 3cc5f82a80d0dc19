-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.weekly_fact (
  yr_wk_num INT NOT NULL COMMENT 'Fiscal year and week, YYYYWW',
  store_key INT NOT NULL COMMENT 'Store',
  prod_key INT NOT NULL COMMENT 'Product',
  sales_qty DECIMAL(18,2) NOT NULL COMMENT 'Units sold: sum of the quantities sold in the week; returns count negatively',
  sales_amt DECIMAL(18,2) NOT NULL COMMENT 'Sales: sum of the amounts paid in the week',
  avg_price DECIMAL(18,4) COMMENT 'Average price: amount paid / quantity sold in the week; unknown where the quantity is not above 0',
  stock_on_hand_eow DECIMAL(18,2) COMMENT 'Stock on hand: on hand in the last inventory snapshot inside the week',
  stock_as_of_dt DATE COMMENT 'Stock as of: day of the last inventory snapshot inside the week',
  days_tracked INT NOT NULL COMMENT 'Days tracked: days of the week with an inventory row',
  out_of_stock_days INT NOT NULL COMMENT 'Days out of stock: days of the week whose inventory row says out of stock',
  pct_in_stock DECIMAL(18,4) COMMENT 'In stock: (days tracked - days out of stock) / days tracked; unknown where no day is tracked'
)
USING iceberg
PARTITIONED BY (yr_wk_num)
COMMENT 'Sales and stock by week, store and product: one row per yr_wk_num, store_key, prod_key'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
