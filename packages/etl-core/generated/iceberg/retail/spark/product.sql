-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.product (
  prod_key INT NOT NULL COMMENT 'Key of the product',
  prod_name STRING COMMENT 'Name',
  vol DECIMAL(18,2) COMMENT 'Volume of one unit',
  wgt DECIMAL(18,2) COMMENT 'Weight of one unit',
  brand_name STRING COMMENT 'Brand',
  status_code INT COMMENT 'Code of the status',
  status_code_name STRING COMMENT 'Status',
  category_key INT COMMENT 'Key of the category',
  category_name STRING COMMENT 'Category',
  subcategory_key INT COMMENT 'Key of the sub-category',
  subcategory_name STRING COMMENT 'Sub-category',
  source_file STRING NOT NULL COMMENT 'File that the row came from',
  load_dt DATE NOT NULL COMMENT 'Business date of that file'
)
USING iceberg
PARTITIONED BY (load_dt)
COMMENT 'Products: one row per product'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
