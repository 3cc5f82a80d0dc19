-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.product_dim (
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
  valid_from date COMMENT 'Business date of the first snapshot with this content',
  valid_to date COMMENT 'Business date of the first later snapshot where it is gone or differs; empty: it still holds',
  is_current boolean COMMENT 'The newest snapshot has it so'
)
LOCATION 's3://sales-etl-example-warehouse/tables/product_dim'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
