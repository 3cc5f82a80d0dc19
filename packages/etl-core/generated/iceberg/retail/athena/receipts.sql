-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.receipts (
  run_id string COMMENT 'Run that loaded the date',
  business_date date COMMENT 'Business date',
  verdict string COMMENT 'accepted: a date that is not leaves the receipt of its last load',
  rows_accepted bigint COMMENT 'Rows accepted',
  rows_rejected bigint COMMENT 'Rows rejected',
  periods_restated string COMMENT 'Periods of the fact computed again because of it, with commas',
  rows_read bigint COMMENT 'Rows of all files',
  bytes_read bigint COMMENT 'Size of all files',
  loaded_at string COMMENT 'When, UTC, ISO 8601',
  seconds decimal(12,3) COMMENT 'From the start of the run until its tables were written',
  contract_version string COMMENT 'Contract that the rows were checked under',
  fingerprint string COMMENT 'Of the manifest and its files: equal means that nothing has changed',
  dumps_since string COMMENT 'By table whose files hold all days the first day of its file, as JSON; empty: loaded before that was noted'
)
PARTITIONED BY (business_date)
LOCATION 's3://sales-etl-example-warehouse/tables/receipts'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
