-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.weekly_fact (
  yr_wk_num INT NOT NULL COMMENT 'Fiscal year and week, YYYYWW',
  store_key INT NOT NULL COMMENT 'Store',
  prod_key INT NOT NULL COMMENT 'Product',
  sales_qty DECIMAL(18,2) NOT NULL COMMENT 'Units sold: sum of the quantities sold in the week; returns count negatively',
  sales_amt DECIMAL(18,2) NOT NULL COMMENT 'Sales: sum of the amounts paid in the week; returns count negatively',
  sales_cost DECIMAL(18,2) COMMENT 'Cost: sum of the costs of what was sold, without shipping',
  sales_mgrn DECIMAL(18,2) COMMENT 'Margin: sum of the margins as the source has them; unknown where no line has one',
  discount DECIMAL(18,2) COMMENT 'Discount: sum of the discounts given; unknown where no line has one',
  ship_cost DECIMAL(18,2) COMMENT 'Shipping: sum of the costs of shipping; unknown where no line has one',
  avg_price DECIMAL(18,4) COMMENT 'Average price: amount paid / quantity sold in the week; unknown where the quantity is not above 0',
  stock_on_hand_eow DECIMAL(18,2) COMMENT 'Stock on hand: on hand in the last inventory snapshot inside the week; unknown where there is none',
  stock_on_order_eow DECIMAL(18,2) COMMENT 'Stock on order: on order in the last inventory snapshot inside the week; unknown where there is none, or where it does not say',
  stock_as_of_dt DATE COMMENT 'Stock as of: day of the last inventory snapshot inside the week',
  days_tracked INT NOT NULL COMMENT 'Days tracked: days of the week with an inventory row',
  out_of_stock_days INT NOT NULL COMMENT 'Days out of stock: days of the week whose inventory row says out of stock',
  pct_in_stock DECIMAL(18,4) COMMENT 'In stock: (days tracked - days out of stock) / days tracked; unknown where no day is tracked',
  low_stock_instances INT NOT NULL COMMENT 'Days of low stock: days of the week on which on hand was below the quantity sold that day',
  no_stock_instances INT NOT NULL COMMENT 'Times out of stock: sum of the days\' out-of-stock flags',
  total_low_stock_impact INT NOT NULL COMMENT 'Shortages: sum of the days\' out-of-stock and low-stock flags; a day with both counts twice',
  potential_low_stock_impact DECIMAL(18,4) NOT NULL COMMENT 'Sales at risk: sum over the days of low stock, with a quantity above 0, of amount paid - on hand x amount paid / quantity sold, each day rounded to 4 places',
  potential_low_stock_units DECIMAL(18,2) NOT NULL COMMENT 'Units at risk: sum over the same days of quantity sold - on hand',
  no_stock_impact DECIMAL(18,2) NOT NULL COMMENT 'Sales while out of stock: sum of the amounts paid on days that are out of stock',
  weeks_of_supply DECIMAL(18,4) COMMENT 'Weeks of supply: stock on hand / quantity sold in the week; unknown where the quantity is not above 0 or the stock is unknown'
)
USING iceberg
PARTITIONED BY (yr_wk_num)
COMMENT 'Sales and stock by week, store and product: one row per yr_wk_num, store_key, prod_key'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
