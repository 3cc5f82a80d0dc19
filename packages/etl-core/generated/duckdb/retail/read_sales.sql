-- Generated from the contract by sales-etl. Do not edit.
-- Sales: files as they landed, in any order of their columns. `files` is a path, a pattern or a list of them.
CREATE OR REPLACE MACRO landed_sales(files) AS TABLE
SELECT
  trans_id,
  prod_key,
  store_key,
  trans_dt,
  trans_time,
  sales_qty,
  sales_price,
  sales_amt,
  discount,
  sales_cost,
  sales_mgrn,
  ship_cost,
  filename AS _file,
  REGEXP_EXTRACT(filename, 'dt=([0-9]{4}-[0-9]{2}-[0-9]{2})', 1) AS _business_date
FROM read_csv(
  files, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
  null_padding = false, ignore_errors = false, union_by_name = true, filename = true
);

-- The same rows with their stored types; `_problems` is '' where a row is right, else column=CODE; column=CODE ...
CREATE OR REPLACE MACRO checked_sales(files) AS TABLE
WITH raw_sales AS (SELECT * FROM landed_sales(files))
SELECT * FROM (
  WITH text_rows AS (
    SELECT
      NULLIF(trans_id, '') AS trans_id,
      NULLIF(prod_key, '') AS prod_key,
      NULLIF(store_key, '') AS store_key,
      NULLIF(trans_dt, '') AS trans_dt,
      NULLIF(trans_time, '') AS trans_time,
      NULLIF(sales_qty, '') AS sales_qty,
      NULLIF(sales_price, '') AS sales_price,
      NULLIF(sales_amt, '') AS sales_amt,
      NULLIF(discount, '') AS discount,
      NULLIF(sales_cost, '') AS sales_cost,
      NULLIF(sales_mgrn, '') AS sales_mgrn,
      NULLIF(ship_cost, '') AS ship_cost,
      _file, _business_date
    FROM raw_sales
  ),
  cast_rows AS (
    SELECT
      trans_id, TRY_CAST(trans_id AS BIGINT) AS trans_id__cast,
      prod_key, TRY_CAST(prod_key AS INT) AS prod_key__cast,
      store_key, TRY_CAST(store_key AS INT) AS store_key__cast,
      trans_dt, TRY_CAST(trans_dt AS DATE) AS trans_dt__cast,
      trans_time, TRY_CAST(trans_time AS INT) AS trans_time__cast,
      sales_qty, TRY_CAST(sales_qty AS DECIMAL(18,2)) AS sales_qty__cast,
      sales_price, TRY_CAST(sales_price AS DECIMAL(18,2)) AS sales_price__cast,
      sales_amt, TRY_CAST(sales_amt AS DECIMAL(18,2)) AS sales_amt__cast,
      discount, TRY_CAST(discount AS DECIMAL(18,2)) AS discount__cast,
      sales_cost, TRY_CAST(sales_cost AS DECIMAL(18,2)) AS sales_cost__cast,
      sales_mgrn, TRY_CAST(sales_mgrn AS DECIMAL(18,2)) AS sales_mgrn__cast,
      ship_cost, TRY_CAST(ship_cost AS DECIMAL(18,2)) AS ship_cost__cast,
      _file, _business_date
    FROM text_rows
  ),
  typed_rows AS (
    SELECT
      trans_id,
      CASE WHEN CAST(trans_id__cast AS VARCHAR) = trans_id THEN trans_id__cast WHEN regexp_matches(trans_id, '^(?:-?[0-9]+)\z') THEN trans_id__cast END AS trans_id__typed,
      prod_key,
      CASE WHEN CAST(prod_key__cast AS VARCHAR) = prod_key THEN prod_key__cast WHEN regexp_matches(prod_key, '^(?:-?[0-9]+)\z') THEN prod_key__cast END AS prod_key__typed,
      store_key,
      CASE WHEN CAST(store_key__cast AS VARCHAR) = store_key THEN store_key__cast WHEN regexp_matches(store_key, '^(?:-?[0-9]+)\z') THEN store_key__cast END AS store_key__typed,
      trans_dt,
      CASE WHEN trans_dt__cast BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) AND CAST(trans_dt__cast AS VARCHAR) = trans_dt THEN trans_dt__cast WHEN regexp_matches(trans_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN trans_dt__cast END AS trans_dt__typed,
      trans_time,
      CASE WHEN CAST(trans_time__cast AS VARCHAR) = trans_time THEN trans_time__cast WHEN regexp_matches(trans_time, '^(?:-?[0-9]+)\z') THEN trans_time__cast END AS trans_time__typed,
      sales_qty,
      CASE WHEN CAST(sales_qty__cast AS VARCHAR) = sales_qty THEN sales_qty__cast WHEN regexp_matches(sales_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN sales_qty__cast END AS sales_qty__typed,
      sales_price,
      CASE WHEN CAST(sales_price__cast AS VARCHAR) = sales_price THEN sales_price__cast WHEN regexp_matches(sales_price, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN sales_price__cast END AS sales_price__typed,
      sales_amt,
      CASE WHEN CAST(sales_amt__cast AS VARCHAR) = sales_amt THEN sales_amt__cast WHEN regexp_matches(sales_amt, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN sales_amt__cast END AS sales_amt__typed,
      discount,
      CASE WHEN CAST(discount__cast AS VARCHAR) = discount THEN discount__cast WHEN regexp_matches(discount, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN discount__cast END AS discount__typed,
      sales_cost,
      CASE WHEN CAST(sales_cost__cast AS VARCHAR) = sales_cost THEN sales_cost__cast WHEN regexp_matches(sales_cost, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN sales_cost__cast END AS sales_cost__typed,
      sales_mgrn,
      CASE WHEN CAST(sales_mgrn__cast AS VARCHAR) = sales_mgrn THEN sales_mgrn__cast WHEN regexp_matches(sales_mgrn, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN sales_mgrn__cast END AS sales_mgrn__typed,
      ship_cost,
      CASE WHEN CAST(ship_cost__cast AS VARCHAR) = ship_cost THEN ship_cost__cast WHEN regexp_matches(ship_cost, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN ship_cost__cast END AS ship_cost__typed,
      _file, _business_date
    FROM cast_rows
  ),
  judged_rows AS (
    SELECT
      trans_id__typed AS trans_id, trans_id AS trans_id__text,
      prod_key__typed AS prod_key, prod_key AS prod_key__text,
      store_key__typed AS store_key, store_key AS store_key__text,
      trans_dt__typed AS trans_dt, trans_dt AS trans_dt__text,
      trans_time__typed AS trans_time, trans_time AS trans_time__text,
      sales_qty__typed AS sales_qty, sales_qty AS sales_qty__text,
      sales_price__typed AS sales_price, sales_price AS sales_price__text,
      sales_amt__typed AS sales_amt, sales_amt AS sales_amt__text,
      discount__typed AS discount, discount AS discount__text,
      sales_cost__typed AS sales_cost, sales_cost AS sales_cost__text,
      sales_mgrn__typed AS sales_mgrn, sales_mgrn AS sales_mgrn__text,
      ship_cost__typed AS ship_cost, ship_cost AS ship_cost__text,
      _file, _business_date,
      CASE WHEN trans_id IS NOT NULL AND trans_id__typed IS NOT NULL
        AND prod_key IS NOT NULL AND prod_key__typed IS NOT NULL
        AND store_key IS NOT NULL AND store_key__typed IS NOT NULL
        AND trans_dt IS NOT NULL AND trans_dt__typed IS NOT NULL AND trans_dt__typed BETWEEN CAST(_business_date AS DATE) - INTERVAL '7' DAY AND CAST(_business_date AS DATE)
        AND (trans_time IS NULL OR trans_time__typed IS NOT NULL AND trans_time__typed >= CAST('0' AS INT) AND trans_time__typed <= CAST('23' AS INT))
        AND sales_qty IS NOT NULL AND sales_qty__typed IS NOT NULL AND sales_qty__typed >= CAST('-100000.00' AS DECIMAL(18,2)) AND sales_qty__typed <= CAST('100000.00' AS DECIMAL(18,2))
        AND (sales_price IS NULL OR sales_price__typed IS NOT NULL AND sales_price__typed >= CAST('0' AS DECIMAL(18,2)))
        AND sales_amt IS NOT NULL AND sales_amt__typed IS NOT NULL AND sales_amt__typed >= CAST('-10000000.00' AS DECIMAL(18,2)) AND sales_amt__typed <= CAST('10000000.00' AS DECIMAL(18,2))
        AND (discount IS NULL OR discount__typed IS NOT NULL AND discount__typed >= CAST('-10000000.00' AS DECIMAL(18,2)) AND discount__typed <= CAST('10000000.00' AS DECIMAL(18,2)))
        AND (sales_cost IS NULL OR sales_cost__typed IS NOT NULL AND sales_cost__typed >= CAST('-10000000.00' AS DECIMAL(18,2)) AND sales_cost__typed <= CAST('10000000.00' AS DECIMAL(18,2)))
        AND (sales_mgrn IS NULL OR sales_mgrn__typed IS NOT NULL AND sales_mgrn__typed >= CAST('-10000000.00' AS DECIMAL(18,2)) AND sales_mgrn__typed <= CAST('10000000.00' AS DECIMAL(18,2)))
        AND (ship_cost IS NULL OR ship_cost__typed IS NOT NULL AND ship_cost__typed >= CAST('-10000000.00' AS DECIMAL(18,2)) AND ship_cost__typed <= CAST('10000000.00' AS DECIMAL(18,2))) THEN '' ELSE CONCAT_WS(';',
        CASE WHEN trans_id IS NULL THEN 'trans_id=VALUE_NULL'
        WHEN trans_id__typed IS NULL AND NOT regexp_matches(trans_id, '^(?:-?[0-9]+)\z') THEN 'trans_id=VALUE_NOT_INTEGER'
        WHEN trans_id__typed IS NULL THEN 'trans_id=VALUE_TOO_LARGE' END,
        CASE WHEN prod_key IS NULL THEN 'prod_key=VALUE_NULL'
        WHEN prod_key__typed IS NULL AND NOT regexp_matches(prod_key, '^(?:-?[0-9]+)\z') THEN 'prod_key=VALUE_NOT_INTEGER'
        WHEN prod_key__typed IS NULL THEN 'prod_key=VALUE_TOO_LARGE' END,
        CASE WHEN store_key IS NULL THEN 'store_key=VALUE_NULL'
        WHEN store_key__typed IS NULL AND NOT regexp_matches(store_key, '^(?:-?[0-9]+)\z') THEN 'store_key=VALUE_NOT_INTEGER'
        WHEN store_key__typed IS NULL THEN 'store_key=VALUE_TOO_LARGE' END,
        CASE WHEN trans_dt IS NULL THEN 'trans_dt=VALUE_NULL'
        WHEN trans_dt__typed IS NULL AND NOT regexp_matches(trans_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN 'trans_dt=VALUE_NOT_DATE'
        WHEN trans_dt__typed IS NULL THEN 'trans_dt=VALUE_NOT_DATE'
        WHEN trans_dt__typed > CAST(_business_date AS DATE) OR trans_dt__typed < CAST(_business_date AS DATE) - INTERVAL '7' DAY THEN 'trans_dt=DATE_OUTSIDE_FILE' END,
        CASE WHEN trans_time IS NULL THEN NULL
        WHEN trans_time__typed IS NULL AND NOT regexp_matches(trans_time, '^(?:-?[0-9]+)\z') THEN 'trans_time=VALUE_NOT_INTEGER'
        WHEN trans_time__typed IS NULL THEN 'trans_time=VALUE_TOO_LARGE'
        WHEN trans_time__typed < CAST('0' AS INT) THEN 'trans_time=VALUE_OUT_OF_RANGE'
        WHEN trans_time__typed > CAST('23' AS INT) THEN 'trans_time=VALUE_OUT_OF_RANGE' END,
        CASE WHEN sales_qty IS NULL THEN 'sales_qty=VALUE_NULL'
        WHEN sales_qty__typed IS NULL AND NOT regexp_matches(sales_qty, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'sales_qty=VALUE_NOT_DECIMAL'
        WHEN sales_qty__typed IS NULL AND NOT regexp_matches(sales_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'sales_qty=VALUE_TOO_PRECISE'
        WHEN sales_qty__typed IS NULL THEN 'sales_qty=VALUE_TOO_LARGE'
        WHEN sales_qty__typed < CAST('-100000.00' AS DECIMAL(18,2)) THEN 'sales_qty=VALUE_OUT_OF_RANGE'
        WHEN sales_qty__typed > CAST('100000.00' AS DECIMAL(18,2)) THEN 'sales_qty=VALUE_OUT_OF_RANGE' END,
        CASE WHEN sales_price IS NULL THEN NULL
        WHEN sales_price__typed IS NULL AND NOT regexp_matches(sales_price, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'sales_price=VALUE_NOT_DECIMAL'
        WHEN sales_price__typed IS NULL AND NOT regexp_matches(sales_price, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'sales_price=VALUE_TOO_PRECISE'
        WHEN sales_price__typed IS NULL THEN 'sales_price=VALUE_TOO_LARGE'
        WHEN sales_price__typed < CAST('0' AS DECIMAL(18,2)) THEN 'sales_price=VALUE_OUT_OF_RANGE' END,
        CASE WHEN sales_amt IS NULL THEN 'sales_amt=VALUE_NULL'
        WHEN sales_amt__typed IS NULL AND NOT regexp_matches(sales_amt, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'sales_amt=VALUE_NOT_DECIMAL'
        WHEN sales_amt__typed IS NULL AND NOT regexp_matches(sales_amt, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'sales_amt=VALUE_TOO_PRECISE'
        WHEN sales_amt__typed IS NULL THEN 'sales_amt=VALUE_TOO_LARGE'
        WHEN sales_amt__typed < CAST('-10000000.00' AS DECIMAL(18,2)) THEN 'sales_amt=VALUE_OUT_OF_RANGE'
        WHEN sales_amt__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'sales_amt=VALUE_OUT_OF_RANGE' END,
        CASE WHEN discount IS NULL THEN NULL
        WHEN discount__typed IS NULL AND NOT regexp_matches(discount, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'discount=VALUE_NOT_DECIMAL'
        WHEN discount__typed IS NULL AND NOT regexp_matches(discount, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'discount=VALUE_TOO_PRECISE'
        WHEN discount__typed IS NULL THEN 'discount=VALUE_TOO_LARGE'
        WHEN discount__typed < CAST('-10000000.00' AS DECIMAL(18,2)) THEN 'discount=VALUE_OUT_OF_RANGE'
        WHEN discount__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'discount=VALUE_OUT_OF_RANGE' END,
        CASE WHEN sales_cost IS NULL THEN NULL
        WHEN sales_cost__typed IS NULL AND NOT regexp_matches(sales_cost, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'sales_cost=VALUE_NOT_DECIMAL'
        WHEN sales_cost__typed IS NULL AND NOT regexp_matches(sales_cost, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'sales_cost=VALUE_TOO_PRECISE'
        WHEN sales_cost__typed IS NULL THEN 'sales_cost=VALUE_TOO_LARGE'
        WHEN sales_cost__typed < CAST('-10000000.00' AS DECIMAL(18,2)) THEN 'sales_cost=VALUE_OUT_OF_RANGE'
        WHEN sales_cost__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'sales_cost=VALUE_OUT_OF_RANGE' END,
        CASE WHEN sales_mgrn IS NULL THEN NULL
        WHEN sales_mgrn__typed IS NULL AND NOT regexp_matches(sales_mgrn, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'sales_mgrn=VALUE_NOT_DECIMAL'
        WHEN sales_mgrn__typed IS NULL AND NOT regexp_matches(sales_mgrn, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'sales_mgrn=VALUE_TOO_PRECISE'
        WHEN sales_mgrn__typed IS NULL THEN 'sales_mgrn=VALUE_TOO_LARGE'
        WHEN sales_mgrn__typed < CAST('-10000000.00' AS DECIMAL(18,2)) THEN 'sales_mgrn=VALUE_OUT_OF_RANGE'
        WHEN sales_mgrn__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'sales_mgrn=VALUE_OUT_OF_RANGE' END,
        CASE WHEN ship_cost IS NULL THEN NULL
        WHEN ship_cost__typed IS NULL AND NOT regexp_matches(ship_cost, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'ship_cost=VALUE_NOT_DECIMAL'
        WHEN ship_cost__typed IS NULL AND NOT regexp_matches(ship_cost, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'ship_cost=VALUE_TOO_PRECISE'
        WHEN ship_cost__typed IS NULL THEN 'ship_cost=VALUE_TOO_LARGE'
        WHEN ship_cost__typed < CAST('-10000000.00' AS DECIMAL(18,2)) THEN 'ship_cost=VALUE_OUT_OF_RANGE'
        WHEN ship_cost__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'ship_cost=VALUE_OUT_OF_RANGE' END
      ) END AS _problems
    FROM typed_rows
  ),
  told_rows AS (
    SELECT
      trans_id, prod_key, store_key, trans_dt, trans_time, sales_qty, sales_price, sales_amt, discount, sales_cost, sales_mgrn, ship_cost,
      _file, _business_date, _problems,
      CASE WHEN _problems <> '' THEN CONCAT_WS('|', REPLACE(REPLACE(COALESCE(trans_id__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(prod_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(store_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(trans_dt__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(trans_time__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(sales_qty__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(sales_price__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(sales_amt__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(discount__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(sales_cost__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(sales_mgrn__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(ship_cost__text, ''), '~', '~0'), '|', '~1')) END AS _texts
    FROM judged_rows
  )
  SELECT
    trans_id, prod_key, store_key, trans_dt, trans_time, sales_qty, sales_price, sales_amt, discount, sales_cost, sales_mgrn, ship_cost,
    _file, _business_date,
    _problems,
    _texts
  FROM told_rows
);
