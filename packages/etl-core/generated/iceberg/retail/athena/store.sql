-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.store (
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
  source_file string COMMENT 'File that the row came from',
  load_dt date COMMENT 'Business date of that file'
)
PARTITIONED BY (load_dt)
LOCATION 's3://sales-etl-example-warehouse/tables/store'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
