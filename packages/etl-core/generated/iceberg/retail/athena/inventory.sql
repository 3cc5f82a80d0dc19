-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.inventory (
  cal_dt date COMMENT 'Day',
  store_key int COMMENT 'Store',
  prod_key int COMMENT 'Product',
  inventory_on_hand_qty decimal(18,2) COMMENT 'On hand',
  inventory_on_order_qty decimal(18,2) COMMENT 'On order',
  out_of_stock_flg int COMMENT '1 when the store ran out',
  waste_qty decimal(18,2) COMMENT 'Thrown away',
  promotion_flg boolean COMMENT 'On promotion',
  next_delivery_dt date COMMENT 'Next delivery, possibly long past',
  source_file string COMMENT 'File that the row came from',
  load_dt date COMMENT 'Business date of that file'
)
PARTITIONED BY (load_dt)
LOCATION 's3://sales-etl-example-warehouse/tables/inventory'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
