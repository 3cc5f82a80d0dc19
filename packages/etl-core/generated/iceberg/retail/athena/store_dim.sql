-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.store_dim (
  store_key int COMMENT 'Key of the store',
  store_num string COMMENT 'Number that people use',
  store_desc string COMMENT 'Name',
  addr string COMMENT 'Street and house number',
  city string COMMENT 'City',
  region string COMMENT 'Sales region',
  cntry_cd string COMMENT 'Country code',
  cntry_nm string COMMENT 'Country',
  postal_zip_cd string COMMENT 'Postal code',
  prov_state_desc string COMMENT 'Province or state',
  prov_state_cd string COMMENT 'Code of the province or state',
  store_type_cd string COMMENT 'Code of the kind of store',
  store_type_desc string COMMENT 'Kind of store',
  frnchs_flg boolean COMMENT 'Run by a franchisee',
  store_size decimal(18,3) COMMENT 'Sales area',
  market_key int COMMENT 'Key of the market',
  market_name string COMMENT 'Market',
  submarket_key int COMMENT 'Key of the part of the market',
  submarket_name string COMMENT 'Part of the market',
  latitude decimal(18,6) COMMENT 'Latitude',
  longitude decimal(18,6) COMMENT 'Longitude',
  valid_from date COMMENT 'Business date of the first snapshot with this content',
  valid_to date COMMENT 'Business date of the first later snapshot where it is gone or differs; empty: it still holds',
  is_current boolean COMMENT 'The newest snapshot has it so'
)
LOCATION 's3://sales-etl-example-warehouse/tables/store_dim'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
