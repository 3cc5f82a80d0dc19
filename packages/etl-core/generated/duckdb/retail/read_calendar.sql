-- Generated from the contract by sales-etl. Do not edit.
-- Calendar: files as they landed, in any order of their columns. `files` is a path, a pattern or a list of them.
CREATE OR REPLACE MACRO landed_calendar(files) AS TABLE
SELECT
  cal_dt,
  cal_type_desc,
  day_of_wk_num,
  day_of_wk_desc,
  yr_num,
  wk_num,
  yr_wk_num,
  mnth_num,
  yr_mnth_num,
  qtr_num,
  yr_qtr_num,
  filename AS _file,
  REGEXP_EXTRACT(filename, 'dt=([0-9]{4}-[0-9]{2}-[0-9]{2})', 1) AS _business_date
FROM read_csv(
  files, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
  null_padding = false, ignore_errors = false, union_by_name = true, filename = true
);

-- The same rows with their stored types; `_problems` is '' where a row is right, else column=CODE; column=CODE ...
CREATE OR REPLACE MACRO checked_calendar(files) AS TABLE
WITH raw_calendar AS (SELECT * FROM landed_calendar(files))
SELECT * FROM (
  WITH text_rows AS (
    SELECT
      NULLIF(cal_dt, '') AS cal_dt,
      NULLIF(cal_type_desc, '') AS cal_type_desc,
      NULLIF(day_of_wk_num, '') AS day_of_wk_num,
      NULLIF(day_of_wk_desc, '') AS day_of_wk_desc,
      NULLIF(yr_num, '') AS yr_num,
      NULLIF(wk_num, '') AS wk_num,
      NULLIF(yr_wk_num, '') AS yr_wk_num,
      NULLIF(mnth_num, '') AS mnth_num,
      NULLIF(yr_mnth_num, '') AS yr_mnth_num,
      NULLIF(qtr_num, '') AS qtr_num,
      NULLIF(yr_qtr_num, '') AS yr_qtr_num,
      _file, _business_date
    FROM raw_calendar
  ),
  cast_rows AS (
    SELECT
      cal_dt, TRY_CAST(cal_dt AS DATE) AS cal_dt__cast,
      cal_type_desc,
      day_of_wk_num, TRY_CAST(day_of_wk_num AS INT) AS day_of_wk_num__cast,
      day_of_wk_desc,
      yr_num, TRY_CAST(yr_num AS INT) AS yr_num__cast,
      wk_num, TRY_CAST(wk_num AS INT) AS wk_num__cast,
      yr_wk_num, TRY_CAST(yr_wk_num AS INT) AS yr_wk_num__cast,
      mnth_num, TRY_CAST(mnth_num AS INT) AS mnth_num__cast,
      yr_mnth_num, TRY_CAST(yr_mnth_num AS INT) AS yr_mnth_num__cast,
      qtr_num, TRY_CAST(qtr_num AS INT) AS qtr_num__cast,
      yr_qtr_num, TRY_CAST(yr_qtr_num AS INT) AS yr_qtr_num__cast,
      _file, _business_date
    FROM text_rows
  ),
  typed_rows AS (
    SELECT
      cal_dt,
      CASE WHEN cal_dt__cast BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) AND CAST(cal_dt__cast AS VARCHAR) = cal_dt THEN cal_dt__cast WHEN regexp_matches(cal_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN cal_dt__cast END AS cal_dt__typed,
      cal_type_desc,
      cal_type_desc AS cal_type_desc__typed,
      day_of_wk_num,
      CASE WHEN CAST(day_of_wk_num__cast AS VARCHAR) = day_of_wk_num THEN day_of_wk_num__cast WHEN regexp_matches(day_of_wk_num, '^(?:-?[0-9]+)\z') THEN day_of_wk_num__cast END AS day_of_wk_num__typed,
      day_of_wk_desc,
      day_of_wk_desc AS day_of_wk_desc__typed,
      yr_num,
      CASE WHEN CAST(yr_num__cast AS VARCHAR) = yr_num THEN yr_num__cast WHEN regexp_matches(yr_num, '^(?:-?[0-9]+)\z') THEN yr_num__cast END AS yr_num__typed,
      wk_num,
      CASE WHEN CAST(wk_num__cast AS VARCHAR) = wk_num THEN wk_num__cast WHEN regexp_matches(wk_num, '^(?:-?[0-9]+)\z') THEN wk_num__cast END AS wk_num__typed,
      yr_wk_num,
      CASE WHEN CAST(yr_wk_num__cast AS VARCHAR) = yr_wk_num THEN yr_wk_num__cast WHEN regexp_matches(yr_wk_num, '^(?:-?[0-9]+)\z') THEN yr_wk_num__cast END AS yr_wk_num__typed,
      mnth_num,
      CASE WHEN CAST(mnth_num__cast AS VARCHAR) = mnth_num THEN mnth_num__cast WHEN regexp_matches(mnth_num, '^(?:-?[0-9]+)\z') THEN mnth_num__cast END AS mnth_num__typed,
      yr_mnth_num,
      CASE WHEN CAST(yr_mnth_num__cast AS VARCHAR) = yr_mnth_num THEN yr_mnth_num__cast WHEN regexp_matches(yr_mnth_num, '^(?:-?[0-9]+)\z') THEN yr_mnth_num__cast END AS yr_mnth_num__typed,
      qtr_num,
      CASE WHEN CAST(qtr_num__cast AS VARCHAR) = qtr_num THEN qtr_num__cast WHEN regexp_matches(qtr_num, '^(?:-?[0-9]+)\z') THEN qtr_num__cast END AS qtr_num__typed,
      yr_qtr_num,
      CASE WHEN CAST(yr_qtr_num__cast AS VARCHAR) = yr_qtr_num THEN yr_qtr_num__cast WHEN regexp_matches(yr_qtr_num, '^(?:-?[0-9]+)\z') THEN yr_qtr_num__cast END AS yr_qtr_num__typed,
      _file, _business_date
    FROM cast_rows
  ),
  judged_rows AS (
    SELECT
      cal_dt__typed AS cal_dt, cal_dt AS cal_dt__text,
      cal_type_desc__typed AS cal_type_desc, cal_type_desc AS cal_type_desc__text,
      day_of_wk_num__typed AS day_of_wk_num, day_of_wk_num AS day_of_wk_num__text,
      day_of_wk_desc__typed AS day_of_wk_desc, day_of_wk_desc AS day_of_wk_desc__text,
      yr_num__typed AS yr_num, yr_num AS yr_num__text,
      wk_num__typed AS wk_num, wk_num AS wk_num__text,
      yr_wk_num__typed AS yr_wk_num, yr_wk_num AS yr_wk_num__text,
      mnth_num__typed AS mnth_num, mnth_num AS mnth_num__text,
      yr_mnth_num__typed AS yr_mnth_num, yr_mnth_num AS yr_mnth_num__text,
      qtr_num__typed AS qtr_num, qtr_num AS qtr_num__text,
      yr_qtr_num__typed AS yr_qtr_num, yr_qtr_num AS yr_qtr_num__text,
      _file, _business_date,
      CASE WHEN cal_dt IS NOT NULL AND cal_dt__typed IS NOT NULL
        AND day_of_wk_num IS NOT NULL AND day_of_wk_num__typed IS NOT NULL AND day_of_wk_num__typed >= CAST('0' AS INT) AND day_of_wk_num__typed <= CAST('6' AS INT)
        AND yr_num IS NOT NULL AND yr_num__typed IS NOT NULL
        AND wk_num IS NOT NULL AND wk_num__typed IS NOT NULL AND wk_num__typed >= CAST('1' AS INT) AND wk_num__typed <= CAST('53' AS INT)
        AND yr_wk_num IS NOT NULL AND yr_wk_num__typed IS NOT NULL AND yr_wk_num__typed >= CAST('100001' AS INT) AND yr_wk_num__typed <= CAST('999953' AS INT)
        AND (mnth_num IS NULL OR mnth_num__typed IS NOT NULL AND mnth_num__typed >= CAST('1' AS INT) AND mnth_num__typed <= CAST('12' AS INT))
        AND (yr_mnth_num IS NULL OR yr_mnth_num__typed IS NOT NULL)
        AND (qtr_num IS NULL OR qtr_num__typed IS NOT NULL AND qtr_num__typed >= CAST('1' AS INT) AND qtr_num__typed <= CAST('4' AS INT))
        AND (yr_qtr_num IS NULL OR yr_qtr_num__typed IS NOT NULL) THEN '' ELSE CONCAT_WS(';',
        CASE WHEN cal_dt IS NULL THEN 'cal_dt=VALUE_NULL'
        WHEN cal_dt__typed IS NULL AND NOT regexp_matches(cal_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN 'cal_dt=VALUE_NOT_DATE'
        WHEN cal_dt__typed IS NULL THEN 'cal_dt=VALUE_NOT_DATE' END,
        CASE WHEN day_of_wk_num IS NULL THEN 'day_of_wk_num=VALUE_NULL'
        WHEN day_of_wk_num__typed IS NULL AND NOT regexp_matches(day_of_wk_num, '^(?:-?[0-9]+)\z') THEN 'day_of_wk_num=VALUE_NOT_INTEGER'
        WHEN day_of_wk_num__typed IS NULL THEN 'day_of_wk_num=VALUE_TOO_LARGE'
        WHEN day_of_wk_num__typed < CAST('0' AS INT) THEN 'day_of_wk_num=VALUE_OUT_OF_RANGE'
        WHEN day_of_wk_num__typed > CAST('6' AS INT) THEN 'day_of_wk_num=VALUE_OUT_OF_RANGE' END,
        CASE WHEN yr_num IS NULL THEN 'yr_num=VALUE_NULL'
        WHEN yr_num__typed IS NULL AND NOT regexp_matches(yr_num, '^(?:-?[0-9]+)\z') THEN 'yr_num=VALUE_NOT_INTEGER'
        WHEN yr_num__typed IS NULL THEN 'yr_num=VALUE_TOO_LARGE' END,
        CASE WHEN wk_num IS NULL THEN 'wk_num=VALUE_NULL'
        WHEN wk_num__typed IS NULL AND NOT regexp_matches(wk_num, '^(?:-?[0-9]+)\z') THEN 'wk_num=VALUE_NOT_INTEGER'
        WHEN wk_num__typed IS NULL THEN 'wk_num=VALUE_TOO_LARGE'
        WHEN wk_num__typed < CAST('1' AS INT) THEN 'wk_num=VALUE_OUT_OF_RANGE'
        WHEN wk_num__typed > CAST('53' AS INT) THEN 'wk_num=VALUE_OUT_OF_RANGE' END,
        CASE WHEN yr_wk_num IS NULL THEN 'yr_wk_num=VALUE_NULL'
        WHEN yr_wk_num__typed IS NULL AND NOT regexp_matches(yr_wk_num, '^(?:-?[0-9]+)\z') THEN 'yr_wk_num=VALUE_NOT_INTEGER'
        WHEN yr_wk_num__typed IS NULL THEN 'yr_wk_num=VALUE_TOO_LARGE'
        WHEN yr_wk_num__typed < CAST('100001' AS INT) THEN 'yr_wk_num=VALUE_OUT_OF_RANGE'
        WHEN yr_wk_num__typed > CAST('999953' AS INT) THEN 'yr_wk_num=VALUE_OUT_OF_RANGE' END,
        CASE WHEN mnth_num IS NULL THEN NULL
        WHEN mnth_num__typed IS NULL AND NOT regexp_matches(mnth_num, '^(?:-?[0-9]+)\z') THEN 'mnth_num=VALUE_NOT_INTEGER'
        WHEN mnth_num__typed IS NULL THEN 'mnth_num=VALUE_TOO_LARGE'
        WHEN mnth_num__typed < CAST('1' AS INT) THEN 'mnth_num=VALUE_OUT_OF_RANGE'
        WHEN mnth_num__typed > CAST('12' AS INT) THEN 'mnth_num=VALUE_OUT_OF_RANGE' END,
        CASE WHEN yr_mnth_num IS NULL THEN NULL
        WHEN yr_mnth_num__typed IS NULL AND NOT regexp_matches(yr_mnth_num, '^(?:-?[0-9]+)\z') THEN 'yr_mnth_num=VALUE_NOT_INTEGER'
        WHEN yr_mnth_num__typed IS NULL THEN 'yr_mnth_num=VALUE_TOO_LARGE' END,
        CASE WHEN qtr_num IS NULL THEN NULL
        WHEN qtr_num__typed IS NULL AND NOT regexp_matches(qtr_num, '^(?:-?[0-9]+)\z') THEN 'qtr_num=VALUE_NOT_INTEGER'
        WHEN qtr_num__typed IS NULL THEN 'qtr_num=VALUE_TOO_LARGE'
        WHEN qtr_num__typed < CAST('1' AS INT) THEN 'qtr_num=VALUE_OUT_OF_RANGE'
        WHEN qtr_num__typed > CAST('4' AS INT) THEN 'qtr_num=VALUE_OUT_OF_RANGE' END,
        CASE WHEN yr_qtr_num IS NULL THEN NULL
        WHEN yr_qtr_num__typed IS NULL AND NOT regexp_matches(yr_qtr_num, '^(?:-?[0-9]+)\z') THEN 'yr_qtr_num=VALUE_NOT_INTEGER'
        WHEN yr_qtr_num__typed IS NULL THEN 'yr_qtr_num=VALUE_TOO_LARGE' END
      ) END AS _problems
    FROM typed_rows
  ),
  ruled_rows AS (
    SELECT
      cal_dt, cal_type_desc, day_of_wk_num, day_of_wk_desc, yr_num, wk_num, yr_wk_num, mnth_num, yr_mnth_num, qtr_num, yr_qtr_num,
      cal_dt__text, cal_type_desc__text, day_of_wk_num__text, day_of_wk_desc__text, yr_num__text, wk_num__text, yr_wk_num__text, mnth_num__text, yr_mnth_num__text, qtr_num__text, yr_qtr_num__text,
      _file, _business_date,
      CASE WHEN _problems = '' THEN CONCAT_WS(';', CASE WHEN NOT (yr_num * 100 + wk_num = yr_wk_num) THEN 'wk_num=RULE_BROKEN' END, CASE WHEN NOT (yr_wk_num = (EXTRACT(YEAR FROM (cal_dt + INTERVAL '1' DAY)) + CASE WHEN EXTRACT(MONTH FROM (cal_dt + INTERVAL '1' DAY)) = 1 AND EXTRACT(WEEK FROM (cal_dt + INTERVAL '1' DAY)) >= 52 THEN -1 WHEN EXTRACT(MONTH FROM (cal_dt + INTERVAL '1' DAY)) = 12 AND EXTRACT(WEEK FROM (cal_dt + INTERVAL '1' DAY)) = 1 THEN 1 ELSE 0 END) * 100 + EXTRACT(WEEK FROM (cal_dt + INTERVAL '1' DAY))) THEN 'yr_wk_num=RULE_BROKEN' END) ELSE _problems END AS _problems
    FROM judged_rows
  ),
  told_rows AS (
    SELECT
      cal_dt, cal_type_desc, day_of_wk_num, day_of_wk_desc, yr_num, wk_num, yr_wk_num, mnth_num, yr_mnth_num, qtr_num, yr_qtr_num,
      _file, _business_date, _problems,
      CASE WHEN _problems <> '' THEN CONCAT_WS('|', REPLACE(REPLACE(COALESCE(cal_dt__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(cal_type_desc__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(day_of_wk_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(day_of_wk_desc__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(yr_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(wk_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(yr_wk_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(mnth_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(yr_mnth_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(qtr_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(yr_qtr_num__text, ''), '~', '~0'), '|', '~1')) END AS _texts
    FROM ruled_rows
  )
  SELECT
    cal_dt, cal_type_desc, day_of_wk_num, day_of_wk_desc, yr_num, wk_num, yr_wk_num, mnth_num, yr_mnth_num, qtr_num, yr_qtr_num,
    _file, _business_date,
    CASE WHEN _problems = '' AND COUNT(*) OVER (PARTITION BY _file, cal_dt, _problems) > 1 THEN 'cal_dt=KEY_NOT_UNIQUE' ELSE _problems END AS _problems,
    _texts
  FROM told_rows
);
