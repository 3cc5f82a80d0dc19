-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.calendar (
  cal_dt date COMMENT 'Day',
  cal_type_desc string COMMENT 'Kind of calendar',
  day_of_wk_num int COMMENT 'Day of the week, 0 = Sunday',
  day_of_wk_desc string COMMENT 'Name of the day',
  yr_num int COMMENT 'Fiscal year',
  wk_num int COMMENT 'Fiscal week of the year',
  yr_wk_num int COMMENT 'Fiscal year and week, YYYYWW',
  mnth_num int COMMENT 'Month',
  yr_mnth_num int COMMENT 'Year and month, YYYYMM',
  qtr_num int COMMENT 'Quarter',
  yr_qtr_num int COMMENT 'Year and quarter, YYYYQ',
  source_file string COMMENT 'File that the row came from',
  load_dt date COMMENT 'Business date of that file'
)
PARTITIONED BY (load_dt)
LOCATION 's3://sales-etl-example-warehouse/tables/calendar'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
