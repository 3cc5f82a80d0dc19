-- Generated from the contract by sales-etl. Do not edit. For Athena.
CREATE TABLE retail.calendar_dim (
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
  yr_qtr_num int COMMENT 'Year and quarter, YYYYQ'
)
LOCATION 's3://sales-etl-example-warehouse/tables/calendar_dim'
TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')
