-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.sales (
  trans_id bigint COMMENT 'Basket',
  prod_key int COMMENT 'Product',
  store_key int COMMENT 'Store',
  trans_dt date COMMENT 'Day of the sale',
  trans_time int COMMENT 'Hour of the sale',
  sales_qty decimal(18,2) COMMENT 'Quantity, negative for a return',
  sales_price decimal(18,2) COMMENT 'Price of one unit',
  sales_amt decimal(18,2) COMMENT 'Paid',
  discount decimal(18,2) COMMENT 'Discount',
  sales_cost decimal(18,2) COMMENT 'Cost without shipping',
  sales_mgrn decimal(18,2) COMMENT 'Margin',
  ship_cost decimal(18,2) COMMENT 'Cost of shipping',
  source_file string COMMENT 'File that the row came from',
  load_dt date COMMENT 'Business date of that file'
)
PARTITIONED BY (load_dt)
LOCATION 's3://sales-etl-example-warehouse/tables/sales'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
