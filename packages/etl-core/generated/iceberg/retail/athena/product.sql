-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.product (
  prod_key int COMMENT 'Key of the product',
  prod_name string COMMENT 'Name',
  vol decimal(18,2) COMMENT 'Volume of one unit',
  wgt decimal(18,2) COMMENT 'Weight of one unit',
  brand_name string COMMENT 'Brand',
  status_code int COMMENT 'Code of the status',
  status_code_name string COMMENT 'Status',
  category_key int COMMENT 'Key of the category',
  category_name string COMMENT 'Category',
  subcategory_key int COMMENT 'Key of the sub-category',
  subcategory_name string COMMENT 'Sub-category',
  source_file string COMMENT 'File that the row came from',
  load_dt date COMMENT 'Business date of that file'
)
PARTITIONED BY (load_dt)
LOCATION 's3://sales-etl-example-warehouse/tables/product'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
