-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.product_dim (
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
  valid_from DATE NOT NULL COMMENT 'Business date of the first snapshot with this content',
  valid_to DATE COMMENT 'Business date of the first later snapshot where it is gone or differs; empty: it still holds',
  is_current BOOLEAN NOT NULL COMMENT 'The newest snapshot has it so'
)
USING iceberg
COMMENT 'Products, with history: one row per product and version of its content'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
