-- Generated from the contract by sales-etl. Do not edit. For Spark.
CREATE TABLE glue_catalog.retail.calendar_dim (
  cal_dt DATE NOT NULL COMMENT 'Day',
  cal_type_desc STRING COMMENT 'Kind of calendar',
  day_of_wk_num INT NOT NULL COMMENT 'Day of the week, 0 = Sunday',
  day_of_wk_desc STRING COMMENT 'Name of the day',
  yr_num INT NOT NULL COMMENT 'Fiscal year',
  wk_num INT NOT NULL COMMENT 'Fiscal week of the year',
  yr_wk_num INT NOT NULL COMMENT 'Fiscal year and week, YYYYWW',
  mnth_num INT COMMENT 'Month',
  yr_mnth_num INT COMMENT 'Year and month, YYYYMM',
  qtr_num INT COMMENT 'Quarter',
  yr_qtr_num INT COMMENT 'Year and quarter, YYYYQ'
)
USING iceberg
COMMENT 'Calendar: one row per day'
TBLPROPERTIES ('format-version' = '2', 'write.parquet.compression-codec' = 'zstd')
