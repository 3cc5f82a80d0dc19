-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.store_dim (
  store_key INT NOT NULL COMMENT 'Key of the store',
  store_num STRING COMMENT 'Number that people use',
  store_desc STRING COMMENT 'Name',
  addr STRING COMMENT 'Street and house number',
  city STRING COMMENT 'City',
  region STRING COMMENT 'Sales region',
  cntry_cd STRING COMMENT 'Country code',
  cntry_nm STRING COMMENT 'Country',
  postal_zip_cd STRING COMMENT 'Postal code',
  prov_state_desc STRING COMMENT 'Province or state',
  prov_state_cd STRING COMMENT 'Code of the province or state',
  store_type_cd STRING COMMENT 'Code of the kind of store',
  store_type_desc STRING COMMENT 'Kind of store',
  frnchs_flg BOOLEAN COMMENT 'Run by a franchisee',
  store_size DECIMAL(18,3) COMMENT 'Sales area',
  market_key INT COMMENT 'Key of the market',
  market_name STRING COMMENT 'Market',
  submarket_key INT COMMENT 'Key of the part of the market',
  submarket_name STRING COMMENT 'Part of the market',
  latitude DECIMAL(18,6) COMMENT 'Latitude',
  longitude DECIMAL(18,6) COMMENT 'Longitude',
  valid_from DATE NOT NULL COMMENT 'Business date of the first snapshot with this content',
  valid_to DATE COMMENT 'Business date of the first later snapshot where it is gone or differs; empty: it still holds',
  is_current BOOLEAN NOT NULL COMMENT 'The newest snapshot has it so'
)
USING iceberg
COMMENT 'Stores, with history: one row per store and version of its content'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
