-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.quarantine (
  business_date date COMMENT 'Business date',
  run_id string COMMENT 'Run that checked it',
  table_name string COMMENT 'Table',
  file_name string COMMENT 'File, as a key of the landing',
  line_num bigint COMMENT 'Physical line of the file from 1, the header being 1',
  column_name string COMMENT 'Column',
  problem_code string COMMENT 'What is wrong, as the checks name it',
  field_value string COMMENT 'The text as it stands in the file, shortened',
  message string COMMENT 'What is wrong and what to do, in words'
)
PARTITIONED BY (business_date)
LOCATION 's3://sales-etl-example-warehouse/tables/quarantine'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
