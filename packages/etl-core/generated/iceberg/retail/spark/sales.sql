-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.sales (
  trans_id BIGINT NOT NULL COMMENT 'Basket',
  prod_key INT NOT NULL COMMENT 'Product',
  store_key INT NOT NULL COMMENT 'Store',
  trans_dt DATE NOT NULL COMMENT 'Day of the sale',
  trans_time INT COMMENT 'Hour of the sale',
  sales_qty DECIMAL(18,2) NOT NULL COMMENT 'Quantity, negative for a return',
  sales_price DECIMAL(18,2) COMMENT 'Price of one unit',
  sales_amt DECIMAL(18,2) NOT NULL COMMENT 'Paid',
  discount DECIMAL(18,2) COMMENT 'Discount',
  sales_cost DECIMAL(18,2) COMMENT 'Cost without shipping',
  sales_mgrn DECIMAL(18,2) COMMENT 'Margin',
  ship_cost DECIMAL(18,2) COMMENT 'Cost of shipping',
  source_file STRING NOT NULL COMMENT 'File that the row came from',
  load_dt DATE NOT NULL COMMENT 'Business date of that file'
)
USING iceberg
PARTITIONED BY (load_dt)
COMMENT 'Sales: one row per line of a basket'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
