-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.receipts (
  run_id STRING COMMENT 'Run that loaded the date',
  business_date DATE COMMENT 'Business date',
  verdict STRING COMMENT 'accepted: a date that is not leaves the receipt of its last load',
  rows_accepted BIGINT COMMENT 'Rows accepted',
  rows_rejected BIGINT COMMENT 'Rows rejected',
  periods_restated STRING COMMENT 'Periods of the fact computed again because of it, with commas',
  rows_read BIGINT COMMENT 'Rows of all files',
  bytes_read BIGINT COMMENT 'Size of all files',
  loaded_at STRING COMMENT 'When, UTC, ISO 8601',
  seconds DECIMAL(12,3) COMMENT 'From the start of the run until its tables were written',
  contract_version STRING COMMENT 'Contract that the rows were checked under',
  fingerprint STRING COMMENT 'Of the manifest and its files: equal means that nothing has changed',
  dumps_since STRING COMMENT 'By table whose files hold all days the first day of its file, as JSON; empty: loaded before that was noted'
)
USING iceberg
PARTITIONED BY (business_date)
COMMENT 'Receipts of business dates: one row per business date'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
