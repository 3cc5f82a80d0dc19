-- Generated from the contract by sales-etl. Do not edit.
-- Products: files as they landed, in any order of their columns. `files` is a path, a pattern or a list of them.
CREATE OR REPLACE MACRO landed_product(files) AS TABLE
SELECT
  prod_key,
  prod_name,
  vol,
  wgt,
  brand_name,
  status_code,
  status_code_name,
  category_key,
  category_name,
  subcategory_key,
  subcategory_name,
  filename AS _file,
  REGEXP_EXTRACT(filename, 'dt=([0-9]{4}-[0-9]{2}-[0-9]{2})', 1) AS _business_date
FROM read_csv(
  files, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
  null_padding = false, ignore_errors = false, union_by_name = true, filename = true
);

-- The same rows with their stored types; `_problems` is '' where a row is right, else column=CODE; column=CODE ...
CREATE OR REPLACE MACRO checked_product(files) AS TABLE
WITH raw_product AS (SELECT * FROM landed_product(files))
SELECT * FROM (
  WITH text_rows AS (
    SELECT
      NULLIF(prod_key, '') AS prod_key,
      NULLIF(prod_name, '') AS prod_name,
      NULLIF(vol, '') AS vol,
      NULLIF(wgt, '') AS wgt,
      NULLIF(brand_name, '') AS brand_name,
      NULLIF(status_code, '') AS status_code,
      NULLIF(status_code_name, '') AS status_code_name,
      NULLIF(category_key, '') AS category_key,
      NULLIF(category_name, '') AS category_name,
      NULLIF(subcategory_key, '') AS subcategory_key,
      NULLIF(subcategory_name, '') AS subcategory_name,
      _file, _business_date
    FROM raw_product
  ),
  cast_rows AS (
    SELECT
      prod_key, TRY_CAST(prod_key AS INT) AS prod_key__cast,
      prod_name,
      vol, TRY_CAST(vol AS DECIMAL(18,2)) AS vol__cast,
      wgt, TRY_CAST(wgt AS DECIMAL(18,2)) AS wgt__cast,
      brand_name,
      status_code, TRY_CAST(status_code AS INT) AS status_code__cast,
      status_code_name,
      category_key, TRY_CAST(category_key AS INT) AS category_key__cast,
      category_name,
      subcategory_key, TRY_CAST(subcategory_key AS INT) AS subcategory_key__cast,
      subcategory_name,
      _file, _business_date
    FROM text_rows
  ),
  typed_rows AS (
    SELECT
      prod_key,
      CASE WHEN CAST(prod_key__cast AS VARCHAR) = prod_key THEN prod_key__cast WHEN regexp_matches(prod_key, '^(?:-?[0-9]+)\z') THEN prod_key__cast END AS prod_key__typed,
      prod_name,
      prod_name AS prod_name__typed,
      vol,
      CASE WHEN CAST(vol__cast AS VARCHAR) = vol THEN vol__cast WHEN regexp_matches(vol, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN vol__cast END AS vol__typed,
      wgt,
      CASE WHEN CAST(wgt__cast AS VARCHAR) = wgt THEN wgt__cast WHEN regexp_matches(wgt, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN wgt__cast END AS wgt__typed,
      brand_name,
      brand_name AS brand_name__typed,
      status_code,
      CASE WHEN CAST(status_code__cast AS VARCHAR) = status_code THEN status_code__cast WHEN regexp_matches(status_code, '^(?:-?[0-9]+)\z') THEN status_code__cast END AS status_code__typed,
      status_code_name,
      status_code_name AS status_code_name__typed,
      category_key,
      CASE WHEN CAST(category_key__cast AS VARCHAR) = category_key THEN category_key__cast WHEN regexp_matches(category_key, '^(?:-?[0-9]+)\z') THEN category_key__cast END AS category_key__typed,
      category_name,
      category_name AS category_name__typed,
      subcategory_key,
      CASE WHEN CAST(subcategory_key__cast AS VARCHAR) = subcategory_key THEN subcategory_key__cast WHEN regexp_matches(subcategory_key, '^(?:-?[0-9]+)\z') THEN subcategory_key__cast END AS subcategory_key__typed,
      subcategory_name,
      subcategory_name AS subcategory_name__typed,
      _file, _business_date
    FROM cast_rows
  ),
  judged_rows AS (
    SELECT
      prod_key__typed AS prod_key, prod_key AS prod_key__text,
      prod_name__typed AS prod_name, prod_name AS prod_name__text,
      vol__typed AS vol, vol AS vol__text,
      wgt__typed AS wgt, wgt AS wgt__text,
      brand_name__typed AS brand_name, brand_name AS brand_name__text,
      status_code__typed AS status_code, status_code AS status_code__text,
      status_code_name__typed AS status_code_name, status_code_name AS status_code_name__text,
      category_key__typed AS category_key, category_key AS category_key__text,
      category_name__typed AS category_name, category_name AS category_name__text,
      subcategory_key__typed AS subcategory_key, subcategory_key AS subcategory_key__text,
      subcategory_name__typed AS subcategory_name, subcategory_name AS subcategory_name__text,
      _file, _business_date,
      CASE WHEN prod_key IS NOT NULL AND prod_key__typed IS NOT NULL
        AND (vol IS NULL OR vol__typed IS NOT NULL AND vol__typed >= CAST('0' AS DECIMAL(18,2)))
        AND (wgt IS NULL OR wgt__typed IS NOT NULL AND wgt__typed >= CAST('0' AS DECIMAL(18,2)))
        AND (status_code IS NULL OR status_code__typed IS NOT NULL)
        AND (category_key IS NULL OR category_key__typed IS NOT NULL)
        AND (subcategory_key IS NULL OR subcategory_key__typed IS NOT NULL) THEN '' ELSE CONCAT_WS(';',
        CASE WHEN prod_key IS NULL THEN 'prod_key=VALUE_NULL'
        WHEN prod_key__typed IS NULL AND NOT regexp_matches(prod_key, '^(?:-?[0-9]+)\z') THEN 'prod_key=VALUE_NOT_INTEGER'
        WHEN prod_key__typed IS NULL THEN 'prod_key=VALUE_TOO_LARGE' END,
        CASE WHEN vol IS NULL THEN NULL
        WHEN vol__typed IS NULL AND NOT regexp_matches(vol, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'vol=VALUE_NOT_DECIMAL'
        WHEN vol__typed IS NULL AND NOT regexp_matches(vol, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'vol=VALUE_TOO_PRECISE'
        WHEN vol__typed IS NULL THEN 'vol=VALUE_TOO_LARGE'
        WHEN vol__typed < CAST('0' AS DECIMAL(18,2)) THEN 'vol=VALUE_OUT_OF_RANGE' END,
        CASE WHEN wgt IS NULL THEN NULL
        WHEN wgt__typed IS NULL AND NOT regexp_matches(wgt, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'wgt=VALUE_NOT_DECIMAL'
        WHEN wgt__typed IS NULL AND NOT regexp_matches(wgt, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'wgt=VALUE_TOO_PRECISE'
        WHEN wgt__typed IS NULL THEN 'wgt=VALUE_TOO_LARGE'
        WHEN wgt__typed < CAST('0' AS DECIMAL(18,2)) THEN 'wgt=VALUE_OUT_OF_RANGE' END,
        CASE WHEN status_code IS NULL THEN NULL
        WHEN status_code__typed IS NULL AND NOT regexp_matches(status_code, '^(?:-?[0-9]+)\z') THEN 'status_code=VALUE_NOT_INTEGER'
        WHEN status_code__typed IS NULL THEN 'status_code=VALUE_TOO_LARGE' END,
        CASE WHEN category_key IS NULL THEN NULL
        WHEN category_key__typed IS NULL AND NOT regexp_matches(category_key, '^(?:-?[0-9]+)\z') THEN 'category_key=VALUE_NOT_INTEGER'
        WHEN category_key__typed IS NULL THEN 'category_key=VALUE_TOO_LARGE' END,
        CASE WHEN subcategory_key IS NULL THEN NULL
        WHEN subcategory_key__typed IS NULL AND NOT regexp_matches(subcategory_key, '^(?:-?[0-9]+)\z') THEN 'subcategory_key=VALUE_NOT_INTEGER'
        WHEN subcategory_key__typed IS NULL THEN 'subcategory_key=VALUE_TOO_LARGE' END
      ) END AS _problems
    FROM typed_rows
  ),
  told_rows AS (
    SELECT
      prod_key, prod_name, vol, wgt, brand_name, status_code, status_code_name, category_key, category_name, subcategory_key, subcategory_name,
      _file, _business_date, _problems,
      CASE WHEN _problems <> '' THEN CONCAT_WS('|', REPLACE(REPLACE(COALESCE(prod_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(prod_name__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(vol__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(wgt__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(brand_name__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(status_code__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(status_code_name__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(category_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(category_name__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(subcategory_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(subcategory_name__text, ''), '~', '~0'), '|', '~1')) END AS _texts
    FROM judged_rows
  )
  SELECT
    prod_key, prod_name, vol, wgt, brand_name, status_code, status_code_name, category_key, category_name, subcategory_key, subcategory_name,
    _file, _business_date,
    CASE WHEN _problems = '' AND COUNT(*) OVER (PARTITION BY _file, prod_key, _problems) > 1 THEN 'prod_key=KEY_NOT_UNIQUE' ELSE _problems END AS _problems,
    _texts
  FROM told_rows
);
