-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.receipts (
  run_id string COMMENT 'Run, sortable by time',
  business_date date COMMENT 'Business date',
  verdict string COMMENT 'accepted, rejected or incomplete',
  rows_accepted bigint COMMENT 'Rows accepted',
  rows_rejected bigint COMMENT 'Rows rejected',
  periods_restated string COMMENT 'Periods of the fact computed again because of it, with commas',
  report string COMMENT 'Report of the checks, a file of the warehouse'
)
PARTITIONED BY (business_date)
LOCATION 's3://sales-etl-example-warehouse/tables/receipts'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
