-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.quarantine (
  business_date DATE COMMENT 'Business date',
  run_id STRING COMMENT 'Run that checked it',
  table_name STRING COMMENT 'Table',
  file_name STRING COMMENT 'File, as a key of the landing',
  line_num BIGINT COMMENT 'Physical line of the file from 1, the header being 1',
  column_name STRING COMMENT 'Column',
  problem_code STRING COMMENT 'What is wrong, as the checks name it',
  field_value STRING COMMENT 'The text as it stands in the file, shortened',
  message STRING COMMENT 'What is wrong and what to do, in words'
)
USING iceberg
PARTITIONED BY (business_date)
COMMENT 'Rejected rows: one row per fault'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
