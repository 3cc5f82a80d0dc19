-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.inventory (
  cal_dt DATE NOT NULL COMMENT 'Day',
  store_key INT NOT NULL COMMENT 'Store',
  prod_key INT NOT NULL COMMENT 'Product',
  inventory_on_hand_qty DECIMAL(18,2) NOT NULL COMMENT 'On hand',
  inventory_on_order_qty DECIMAL(18,2) COMMENT 'On order',
  out_of_stock_flg INT NOT NULL COMMENT '1 when the store ran out',
  waste_qty DECIMAL(18,2) COMMENT 'Thrown away',
  promotion_flg BOOLEAN COMMENT 'On promotion',
  next_delivery_dt DATE COMMENT 'Next delivery, possibly long past',
  source_file STRING NOT NULL COMMENT 'File that the row came from',
  load_dt DATE NOT NULL COMMENT 'Business date of that file'
)
USING iceberg
PARTITIONED BY (load_dt)
COMMENT 'Inventory: one row per day, store and product'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
