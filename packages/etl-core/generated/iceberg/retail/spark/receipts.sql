-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.receipts (
  run_id STRING NOT NULL COMMENT 'Run, sortable by time',
  business_date DATE NOT NULL COMMENT 'Business date',
  verdict STRING NOT NULL COMMENT 'accepted, rejected or incomplete',
  rows_accepted BIGINT NOT NULL COMMENT 'Rows accepted',
  rows_rejected BIGINT NOT NULL COMMENT 'Rows rejected',
  periods_restated STRING NOT NULL COMMENT 'Periods of the fact computed again because of it, with commas',
  report STRING NOT NULL COMMENT 'Report of the checks, a file of the warehouse'
)
USING iceberg
PARTITIONED BY (business_date)
COMMENT 'Receipts of business dates: one row per run and business date'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
