-- Generated from the contract by sales-etl. Do not edit.
-- Inventory: files as they landed, in any order of their columns. `files` is a path, a pattern or a list of them.
CREATE OR REPLACE MACRO landed_inventory(files) AS TABLE
SELECT
  cal_dt,
  store_key,
  prod_key,
  inventory_on_hand_qty,
  inventory_on_order_qty,
  out_of_stock_flg,
  waste_qty,
  promotion_flg,
  next_delivery_dt,
  filename AS _file,
  REGEXP_EXTRACT(filename, 'dt=([0-9]{4}-[0-9]{2}-[0-9]{2})', 1) AS _business_date
FROM read_csv(
  files, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
  null_padding = false, ignore_errors = false, union_by_name = true, filename = true
);

-- The same rows with their stored types; `_problems` is '' where a row is right, else column=CODE; column=CODE ...
CREATE OR REPLACE MACRO checked_inventory(files) AS TABLE
WITH raw_inventory AS (SELECT * FROM landed_inventory(files))
SELECT * FROM (
  WITH text_rows AS (
    SELECT
      NULLIF(cal_dt, '') AS cal_dt,
      NULLIF(store_key, '') AS store_key,
      NULLIF(prod_key, '') AS prod_key,
      NULLIF(inventory_on_hand_qty, '') AS inventory_on_hand_qty,
      NULLIF(inventory_on_order_qty, '') AS inventory_on_order_qty,
      NULLIF(out_of_stock_flg, '') AS out_of_stock_flg,
      NULLIF(waste_qty, '') AS waste_qty,
      NULLIF(promotion_flg, '') AS promotion_flg,
      NULLIF(next_delivery_dt, '') AS next_delivery_dt,
      _file, _business_date
    FROM raw_inventory
  ),
  cast_rows AS (
    SELECT
      cal_dt, TRY_CAST(cal_dt AS DATE) AS cal_dt__cast,
      store_key, TRY_CAST(store_key AS INT) AS store_key__cast,
      prod_key, TRY_CAST(prod_key AS INT) AS prod_key__cast,
      inventory_on_hand_qty, TRY_CAST(inventory_on_hand_qty AS DECIMAL(18,2)) AS inventory_on_hand_qty__cast,
      inventory_on_order_qty, TRY_CAST(inventory_on_order_qty AS DECIMAL(18,2)) AS inventory_on_order_qty__cast,
      out_of_stock_flg, TRY_CAST(out_of_stock_flg AS INT) AS out_of_stock_flg__cast,
      waste_qty, TRY_CAST(waste_qty AS DECIMAL(18,2)) AS waste_qty__cast,
      promotion_flg, TRY_CAST(promotion_flg AS BOOLEAN) AS promotion_flg__cast,
      next_delivery_dt, TRY_CAST(next_delivery_dt AS DATE) AS next_delivery_dt__cast,
      _file, _business_date
    FROM text_rows
  ),
  typed_rows AS (
    SELECT
      cal_dt,
      CASE WHEN cal_dt__cast BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) AND CAST(cal_dt__cast AS VARCHAR) = cal_dt THEN cal_dt__cast WHEN regexp_matches(cal_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN cal_dt__cast END AS cal_dt__typed,
      store_key,
      CASE WHEN CAST(store_key__cast AS VARCHAR) = store_key THEN store_key__cast WHEN regexp_matches(store_key, '^(?:-?[0-9]+)\z') THEN store_key__cast END AS store_key__typed,
      prod_key,
      CASE WHEN CAST(prod_key__cast AS VARCHAR) = prod_key THEN prod_key__cast WHEN regexp_matches(prod_key, '^(?:-?[0-9]+)\z') THEN prod_key__cast END AS prod_key__typed,
      inventory_on_hand_qty,
      CASE WHEN CAST(inventory_on_hand_qty__cast AS VARCHAR) = inventory_on_hand_qty THEN inventory_on_hand_qty__cast WHEN regexp_matches(inventory_on_hand_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN inventory_on_hand_qty__cast END AS inventory_on_hand_qty__typed,
      inventory_on_order_qty,
      CASE WHEN CAST(inventory_on_order_qty__cast AS VARCHAR) = inventory_on_order_qty THEN inventory_on_order_qty__cast WHEN regexp_matches(inventory_on_order_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN inventory_on_order_qty__cast END AS inventory_on_order_qty__typed,
      out_of_stock_flg,
      CASE WHEN CAST(out_of_stock_flg__cast AS VARCHAR) = out_of_stock_flg THEN out_of_stock_flg__cast WHEN regexp_matches(out_of_stock_flg, '^(?:-?[0-9]+)\z') THEN out_of_stock_flg__cast END AS out_of_stock_flg__typed,
      waste_qty,
      CASE WHEN CAST(waste_qty__cast AS VARCHAR) = waste_qty THEN waste_qty__cast WHEN regexp_matches(waste_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN waste_qty__cast END AS waste_qty__typed,
      promotion_flg,
      CASE WHEN CAST(promotion_flg__cast AS VARCHAR) = promotion_flg THEN promotion_flg__cast WHEN regexp_matches(promotion_flg, '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1)\z') THEN promotion_flg__cast END AS promotion_flg__typed,
      next_delivery_dt,
      CASE WHEN next_delivery_dt__cast BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) AND CAST(next_delivery_dt__cast AS VARCHAR) = next_delivery_dt THEN next_delivery_dt__cast WHEN regexp_matches(next_delivery_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN next_delivery_dt__cast END AS next_delivery_dt__typed,
      _file, _business_date
    FROM cast_rows
  ),
  judged_rows AS (
    SELECT
      cal_dt__typed AS cal_dt, cal_dt AS cal_dt__text,
      store_key__typed AS store_key, store_key AS store_key__text,
      prod_key__typed AS prod_key, prod_key AS prod_key__text,
      inventory_on_hand_qty__typed AS inventory_on_hand_qty, inventory_on_hand_qty AS inventory_on_hand_qty__text,
      inventory_on_order_qty__typed AS inventory_on_order_qty, inventory_on_order_qty AS inventory_on_order_qty__text,
      out_of_stock_flg__typed AS out_of_stock_flg, out_of_stock_flg AS out_of_stock_flg__text,
      waste_qty__typed AS waste_qty, waste_qty AS waste_qty__text,
      promotion_flg__typed AS promotion_flg, promotion_flg AS promotion_flg__text,
      next_delivery_dt__typed AS next_delivery_dt, next_delivery_dt AS next_delivery_dt__text,
      _file, _business_date,
      CASE WHEN cal_dt IS NOT NULL AND cal_dt__typed IS NOT NULL AND cal_dt__typed BETWEEN CAST(_business_date AS DATE) AND CAST(_business_date AS DATE)
        AND store_key IS NOT NULL AND store_key__typed IS NOT NULL
        AND prod_key IS NOT NULL AND prod_key__typed IS NOT NULL
        AND inventory_on_hand_qty IS NOT NULL AND inventory_on_hand_qty__typed IS NOT NULL AND inventory_on_hand_qty__typed >= CAST('-10000.00' AS DECIMAL(18,2)) AND inventory_on_hand_qty__typed <= CAST('10000000.00' AS DECIMAL(18,2))
        AND (inventory_on_order_qty IS NULL OR inventory_on_order_qty__typed IS NOT NULL AND inventory_on_order_qty__typed >= CAST('0' AS DECIMAL(18,2)) AND inventory_on_order_qty__typed <= CAST('10000000.00' AS DECIMAL(18,2)))
        AND out_of_stock_flg IS NOT NULL AND out_of_stock_flg__typed IS NOT NULL AND out_of_stock_flg__typed IN (CAST('0' AS INT), CAST('1' AS INT))
        AND (waste_qty IS NULL OR waste_qty__typed IS NOT NULL AND waste_qty__typed >= CAST('0' AS DECIMAL(18,2)) AND waste_qty__typed <= CAST('10000000.00' AS DECIMAL(18,2)))
        AND (promotion_flg IS NULL OR promotion_flg__typed IS NOT NULL)
        AND (next_delivery_dt IS NULL OR next_delivery_dt__typed IS NOT NULL) THEN '' ELSE CONCAT_WS(';',
        CASE WHEN cal_dt IS NULL THEN 'cal_dt=VALUE_NULL'
        WHEN cal_dt__typed IS NULL AND NOT regexp_matches(cal_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN 'cal_dt=VALUE_NOT_DATE'
        WHEN cal_dt__typed IS NULL THEN 'cal_dt=VALUE_NOT_DATE'
        WHEN cal_dt__typed > CAST(_business_date AS DATE) OR cal_dt__typed < CAST(_business_date AS DATE) THEN 'cal_dt=DATE_OUTSIDE_FILE' END,
        CASE WHEN store_key IS NULL THEN 'store_key=VALUE_NULL'
        WHEN store_key__typed IS NULL AND NOT regexp_matches(store_key, '^(?:-?[0-9]+)\z') THEN 'store_key=VALUE_NOT_INTEGER'
        WHEN store_key__typed IS NULL THEN 'store_key=VALUE_TOO_LARGE' END,
        CASE WHEN prod_key IS NULL THEN 'prod_key=VALUE_NULL'
        WHEN prod_key__typed IS NULL AND NOT regexp_matches(prod_key, '^(?:-?[0-9]+)\z') THEN 'prod_key=VALUE_NOT_INTEGER'
        WHEN prod_key__typed IS NULL THEN 'prod_key=VALUE_TOO_LARGE' END,
        CASE WHEN inventory_on_hand_qty IS NULL THEN 'inventory_on_hand_qty=VALUE_NULL'
        WHEN inventory_on_hand_qty__typed IS NULL AND NOT regexp_matches(inventory_on_hand_qty, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'inventory_on_hand_qty=VALUE_NOT_DECIMAL'
        WHEN inventory_on_hand_qty__typed IS NULL AND NOT regexp_matches(inventory_on_hand_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'inventory_on_hand_qty=VALUE_TOO_PRECISE'
        WHEN inventory_on_hand_qty__typed IS NULL THEN 'inventory_on_hand_qty=VALUE_TOO_LARGE'
        WHEN inventory_on_hand_qty__typed < CAST('-10000.00' AS DECIMAL(18,2)) THEN 'inventory_on_hand_qty=VALUE_OUT_OF_RANGE'
        WHEN inventory_on_hand_qty__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'inventory_on_hand_qty=VALUE_OUT_OF_RANGE' END,
        CASE WHEN inventory_on_order_qty IS NULL THEN NULL
        WHEN inventory_on_order_qty__typed IS NULL AND NOT regexp_matches(inventory_on_order_qty, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'inventory_on_order_qty=VALUE_NOT_DECIMAL'
        WHEN inventory_on_order_qty__typed IS NULL AND NOT regexp_matches(inventory_on_order_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'inventory_on_order_qty=VALUE_TOO_PRECISE'
        WHEN inventory_on_order_qty__typed IS NULL THEN 'inventory_on_order_qty=VALUE_TOO_LARGE'
        WHEN inventory_on_order_qty__typed < CAST('0' AS DECIMAL(18,2)) THEN 'inventory_on_order_qty=VALUE_OUT_OF_RANGE'
        WHEN inventory_on_order_qty__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'inventory_on_order_qty=VALUE_OUT_OF_RANGE' END,
        CASE WHEN out_of_stock_flg IS NULL THEN 'out_of_stock_flg=VALUE_NULL'
        WHEN out_of_stock_flg__typed IS NULL AND NOT regexp_matches(out_of_stock_flg, '^(?:-?[0-9]+)\z') THEN 'out_of_stock_flg=VALUE_NOT_INTEGER'
        WHEN out_of_stock_flg__typed IS NULL THEN 'out_of_stock_flg=VALUE_TOO_LARGE'
        WHEN out_of_stock_flg__typed NOT IN (CAST('0' AS INT), CAST('1' AS INT)) THEN 'out_of_stock_flg=VALUE_NOT_ALLOWED' END,
        CASE WHEN waste_qty IS NULL THEN NULL
        WHEN waste_qty__typed IS NULL AND NOT regexp_matches(waste_qty, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'waste_qty=VALUE_NOT_DECIMAL'
        WHEN waste_qty__typed IS NULL AND NOT regexp_matches(waste_qty, '^(?:-?[0-9]+([.][0-9]{1,2}0*)?)\z') THEN 'waste_qty=VALUE_TOO_PRECISE'
        WHEN waste_qty__typed IS NULL THEN 'waste_qty=VALUE_TOO_LARGE'
        WHEN waste_qty__typed < CAST('0' AS DECIMAL(18,2)) THEN 'waste_qty=VALUE_OUT_OF_RANGE'
        WHEN waste_qty__typed > CAST('10000000.00' AS DECIMAL(18,2)) THEN 'waste_qty=VALUE_OUT_OF_RANGE' END,
        CASE WHEN promotion_flg IS NULL THEN NULL
        WHEN promotion_flg__typed IS NULL AND NOT regexp_matches(promotion_flg, '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1)\z') THEN 'promotion_flg=VALUE_NOT_BOOLEAN'
        WHEN promotion_flg__typed IS NULL THEN 'promotion_flg=VALUE_TOO_LARGE' END,
        CASE WHEN next_delivery_dt IS NULL THEN NULL
        WHEN next_delivery_dt__typed IS NULL AND NOT regexp_matches(next_delivery_dt, '^(?:[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\z') THEN 'next_delivery_dt=VALUE_NOT_DATE'
        WHEN next_delivery_dt__typed IS NULL THEN 'next_delivery_dt=VALUE_NOT_DATE' END
      ) END AS _problems
    FROM typed_rows
  ),
  told_rows AS (
    SELECT
      cal_dt, store_key, prod_key, inventory_on_hand_qty, inventory_on_order_qty, out_of_stock_flg, waste_qty, promotion_flg, next_delivery_dt,
      _file, _business_date, _problems,
      CASE WHEN _problems <> '' THEN CONCAT_WS('|', REPLACE(REPLACE(COALESCE(cal_dt__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(store_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(prod_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(inventory_on_hand_qty__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(inventory_on_order_qty__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(out_of_stock_flg__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(waste_qty__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(promotion_flg__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(next_delivery_dt__text, ''), '~', '~0'), '|', '~1')) END AS _texts
    FROM judged_rows
  )
  SELECT
    cal_dt, store_key, prod_key, inventory_on_hand_qty, inventory_on_order_qty, out_of_stock_flg, waste_qty, promotion_flg, next_delivery_dt,
    _file, _business_date,
    CASE WHEN _problems = '' AND COUNT(*) OVER (PARTITION BY _file, cal_dt, store_key, prod_key, _problems) > 1 THEN 'cal_dt+store_key+prod_key=KEY_NOT_UNIQUE' ELSE _problems END AS _problems,
    _texts
  FROM told_rows
);
