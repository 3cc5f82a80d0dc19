-- Generated from the contract by sales-etl. Do not edit.
-- Stores: files as they landed, in any order of their columns. `files` is a path, a pattern or a list of them.
CREATE OR REPLACE MACRO landed_store(files) AS TABLE
SELECT
  store_key,
  store_num,
  store_desc,
  addr,
  city,
  region,
  cntry_cd,
  cntry_nm,
  postal_zip_cd,
  prov_state_desc,
  prov_state_cd,
  store_type_cd,
  store_type_desc,
  frnchs_flg,
  store_size,
  market_key,
  market_name,
  submarket_key,
  submarket_name,
  latitude,
  longitude,
  filename AS _file,
  REGEXP_EXTRACT(filename, 'dt=([0-9]{4}-[0-9]{2}-[0-9]{2})', 1) AS _business_date
FROM read_csv(
  files, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true,
  null_padding = false, ignore_errors = false, union_by_name = true, filename = true
);

-- The same rows with their stored types; `_problems` is '' where a row is right, else column=CODE; column=CODE ...
CREATE OR REPLACE MACRO checked_store(files) AS TABLE
WITH raw_store AS (SELECT * FROM landed_store(files))
SELECT * FROM (
  WITH text_rows AS (
    SELECT
      NULLIF(store_key, '') AS store_key,
      NULLIF(store_num, '') AS store_num,
      NULLIF(store_desc, '') AS store_desc,
      NULLIF(addr, '') AS addr,
      NULLIF(city, '') AS city,
      NULLIF(region, '') AS region,
      NULLIF(cntry_cd, '') AS cntry_cd,
      NULLIF(cntry_nm, '') AS cntry_nm,
      NULLIF(postal_zip_cd, '') AS postal_zip_cd,
      NULLIF(prov_state_desc, '') AS prov_state_desc,
      NULLIF(prov_state_cd, '') AS prov_state_cd,
      NULLIF(store_type_cd, '') AS store_type_cd,
      NULLIF(store_type_desc, '') AS store_type_desc,
      NULLIF(frnchs_flg, '') AS frnchs_flg,
      NULLIF(store_size, '') AS store_size,
      NULLIF(market_key, '') AS market_key,
      NULLIF(market_name, '') AS market_name,
      NULLIF(submarket_key, '') AS submarket_key,
      NULLIF(submarket_name, '') AS submarket_name,
      NULLIF(latitude, '') AS latitude,
      NULLIF(longitude, '') AS longitude,
      _file, _business_date
    FROM raw_store
  ),
  cast_rows AS (
    SELECT
      store_key, TRY_CAST(store_key AS INT) AS store_key__cast,
      store_num,
      store_desc,
      addr,
      city,
      region,
      cntry_cd,
      cntry_nm,
      postal_zip_cd,
      prov_state_desc,
      prov_state_cd,
      store_type_cd,
      store_type_desc,
      frnchs_flg, TRY_CAST(frnchs_flg AS BOOLEAN) AS frnchs_flg__cast,
      store_size, TRY_CAST(store_size AS DECIMAL(18,3)) AS store_size__cast,
      market_key, TRY_CAST(market_key AS INT) AS market_key__cast,
      market_name,
      submarket_key, TRY_CAST(submarket_key AS INT) AS submarket_key__cast,
      submarket_name,
      latitude, TRY_CAST(latitude AS DECIMAL(18,6)) AS latitude__cast,
      longitude, TRY_CAST(longitude AS DECIMAL(18,6)) AS longitude__cast,
      _file, _business_date
    FROM text_rows
  ),
  typed_rows AS (
    SELECT
      store_key,
      CASE WHEN CAST(store_key__cast AS VARCHAR) = store_key THEN store_key__cast WHEN regexp_matches(store_key, '^(?:-?[0-9]+)\z') THEN store_key__cast END AS store_key__typed,
      store_num,
      store_num AS store_num__typed,
      store_desc,
      store_desc AS store_desc__typed,
      addr,
      addr AS addr__typed,
      city,
      city AS city__typed,
      region,
      region AS region__typed,
      cntry_cd,
      cntry_cd AS cntry_cd__typed,
      cntry_nm,
      cntry_nm AS cntry_nm__typed,
      postal_zip_cd,
      postal_zip_cd AS postal_zip_cd__typed,
      prov_state_desc,
      prov_state_desc AS prov_state_desc__typed,
      prov_state_cd,
      prov_state_cd AS prov_state_cd__typed,
      store_type_cd,
      store_type_cd AS store_type_cd__typed,
      store_type_desc,
      store_type_desc AS store_type_desc__typed,
      frnchs_flg,
      CASE WHEN CAST(frnchs_flg__cast AS VARCHAR) = frnchs_flg THEN frnchs_flg__cast WHEN regexp_matches(frnchs_flg, '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1)\z') THEN frnchs_flg__cast END AS frnchs_flg__typed,
      store_size,
      CASE WHEN CAST(store_size__cast AS VARCHAR) = store_size THEN store_size__cast WHEN regexp_matches(store_size, '^(?:-?[0-9]+([.][0-9]{1,3}0*)?)\z') THEN store_size__cast END AS store_size__typed,
      market_key,
      CASE WHEN CAST(market_key__cast AS VARCHAR) = market_key THEN market_key__cast WHEN regexp_matches(market_key, '^(?:-?[0-9]+)\z') THEN market_key__cast END AS market_key__typed,
      market_name,
      market_name AS market_name__typed,
      submarket_key,
      CASE WHEN CAST(submarket_key__cast AS VARCHAR) = submarket_key THEN submarket_key__cast WHEN regexp_matches(submarket_key, '^(?:-?[0-9]+)\z') THEN submarket_key__cast END AS submarket_key__typed,
      submarket_name,
      submarket_name AS submarket_name__typed,
      latitude,
      CASE WHEN CAST(latitude__cast AS VARCHAR) = latitude THEN latitude__cast WHEN regexp_matches(latitude, '^(?:-?[0-9]+([.][0-9]{1,6}0*)?)\z') THEN latitude__cast END AS latitude__typed,
      longitude,
      CASE WHEN CAST(longitude__cast AS VARCHAR) = longitude THEN longitude__cast WHEN regexp_matches(longitude, '^(?:-?[0-9]+([.][0-9]{1,6}0*)?)\z') THEN longitude__cast END AS longitude__typed,
      _file, _business_date
    FROM cast_rows
  ),
  judged_rows AS (
    SELECT
      store_key__typed AS store_key, store_key AS store_key__text,
      store_num__typed AS store_num, store_num AS store_num__text,
      store_desc__typed AS store_desc, store_desc AS store_desc__text,
      addr__typed AS addr, addr AS addr__text,
      city__typed AS city, city AS city__text,
      region__typed AS region, region AS region__text,
      cntry_cd__typed AS cntry_cd, cntry_cd AS cntry_cd__text,
      cntry_nm__typed AS cntry_nm, cntry_nm AS cntry_nm__text,
      postal_zip_cd__typed AS postal_zip_cd, postal_zip_cd AS postal_zip_cd__text,
      prov_state_desc__typed AS prov_state_desc, prov_state_desc AS prov_state_desc__text,
      prov_state_cd__typed AS prov_state_cd, prov_state_cd AS prov_state_cd__text,
      store_type_cd__typed AS store_type_cd, store_type_cd AS store_type_cd__text,
      store_type_desc__typed AS store_type_desc, store_type_desc AS store_type_desc__text,
      frnchs_flg__typed AS frnchs_flg, frnchs_flg AS frnchs_flg__text,
      store_size__typed AS store_size, store_size AS store_size__text,
      market_key__typed AS market_key, market_key AS market_key__text,
      market_name__typed AS market_name, market_name AS market_name__text,
      submarket_key__typed AS submarket_key, submarket_key AS submarket_key__text,
      submarket_name__typed AS submarket_name, submarket_name AS submarket_name__text,
      latitude__typed AS latitude, latitude AS latitude__text,
      longitude__typed AS longitude, longitude AS longitude__text,
      _file, _business_date,
      CASE WHEN store_key IS NOT NULL AND store_key__typed IS NOT NULL
        AND (frnchs_flg IS NULL OR frnchs_flg__typed IS NOT NULL)
        AND (store_size IS NULL OR store_size__typed IS NOT NULL AND store_size__typed >= CAST('0' AS DECIMAL(18,3)))
        AND (market_key IS NULL OR market_key__typed IS NOT NULL)
        AND (submarket_key IS NULL OR submarket_key__typed IS NOT NULL)
        AND (latitude IS NULL OR latitude__typed IS NOT NULL AND latitude__typed >= CAST('-90' AS DECIMAL(18,6)) AND latitude__typed <= CAST('90' AS DECIMAL(18,6)))
        AND (longitude IS NULL OR longitude__typed IS NOT NULL AND longitude__typed >= CAST('-180' AS DECIMAL(18,6)) AND longitude__typed <= CAST('180' AS DECIMAL(18,6))) THEN '' ELSE CONCAT_WS(';',
        CASE WHEN store_key IS NULL THEN 'store_key=VALUE_NULL'
        WHEN store_key__typed IS NULL AND NOT regexp_matches(store_key, '^(?:-?[0-9]+)\z') THEN 'store_key=VALUE_NOT_INTEGER'
        WHEN store_key__typed IS NULL THEN 'store_key=VALUE_TOO_LARGE' END,
        CASE WHEN frnchs_flg IS NULL THEN NULL
        WHEN frnchs_flg__typed IS NULL AND NOT regexp_matches(frnchs_flg, '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|0|1)\z') THEN 'frnchs_flg=VALUE_NOT_BOOLEAN'
        WHEN frnchs_flg__typed IS NULL THEN 'frnchs_flg=VALUE_TOO_LARGE' END,
        CASE WHEN store_size IS NULL THEN NULL
        WHEN store_size__typed IS NULL AND NOT regexp_matches(store_size, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'store_size=VALUE_NOT_DECIMAL'
        WHEN store_size__typed IS NULL AND NOT regexp_matches(store_size, '^(?:-?[0-9]+([.][0-9]{1,3}0*)?)\z') THEN 'store_size=VALUE_TOO_PRECISE'
        WHEN store_size__typed IS NULL THEN 'store_size=VALUE_TOO_LARGE'
        WHEN store_size__typed < CAST('0' AS DECIMAL(18,3)) THEN 'store_size=VALUE_OUT_OF_RANGE' END,
        CASE WHEN market_key IS NULL THEN NULL
        WHEN market_key__typed IS NULL AND NOT regexp_matches(market_key, '^(?:-?[0-9]+)\z') THEN 'market_key=VALUE_NOT_INTEGER'
        WHEN market_key__typed IS NULL THEN 'market_key=VALUE_TOO_LARGE' END,
        CASE WHEN submarket_key IS NULL THEN NULL
        WHEN submarket_key__typed IS NULL AND NOT regexp_matches(submarket_key, '^(?:-?[0-9]+)\z') THEN 'submarket_key=VALUE_NOT_INTEGER'
        WHEN submarket_key__typed IS NULL THEN 'submarket_key=VALUE_TOO_LARGE' END,
        CASE WHEN latitude IS NULL THEN NULL
        WHEN latitude__typed IS NULL AND NOT regexp_matches(latitude, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'latitude=VALUE_NOT_DECIMAL'
        WHEN latitude__typed IS NULL AND NOT regexp_matches(latitude, '^(?:-?[0-9]+([.][0-9]{1,6}0*)?)\z') THEN 'latitude=VALUE_TOO_PRECISE'
        WHEN latitude__typed IS NULL THEN 'latitude=VALUE_TOO_LARGE'
        WHEN latitude__typed < CAST('-90' AS DECIMAL(18,6)) THEN 'latitude=VALUE_OUT_OF_RANGE'
        WHEN latitude__typed > CAST('90' AS DECIMAL(18,6)) THEN 'latitude=VALUE_OUT_OF_RANGE' END,
        CASE WHEN longitude IS NULL THEN NULL
        WHEN longitude__typed IS NULL AND NOT regexp_matches(longitude, '^(?:-?[0-9]+([.][0-9]+)?)\z') THEN 'longitude=VALUE_NOT_DECIMAL'
        WHEN longitude__typed IS NULL AND NOT regexp_matches(longitude, '^(?:-?[0-9]+([.][0-9]{1,6}0*)?)\z') THEN 'longitude=VALUE_TOO_PRECISE'
        WHEN longitude__typed IS NULL THEN 'longitude=VALUE_TOO_LARGE'
        WHEN longitude__typed < CAST('-180' AS DECIMAL(18,6)) THEN 'longitude=VALUE_OUT_OF_RANGE'
        WHEN longitude__typed > CAST('180' AS DECIMAL(18,6)) THEN 'longitude=VALUE_OUT_OF_RANGE' END
      ) END AS _problems
    FROM typed_rows
  ),
  told_rows AS (
    SELECT
      store_key, store_num, store_desc, addr, city, region, cntry_cd, cntry_nm, postal_zip_cd, prov_state_desc, prov_state_cd, store_type_cd, store_type_desc, frnchs_flg, store_size, market_key, market_name, submarket_key, submarket_name, latitude, longitude,
      _file, _business_date, _problems,
      CASE WHEN _problems <> '' THEN CONCAT_WS('|', REPLACE(REPLACE(COALESCE(store_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(store_num__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(store_desc__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(addr__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(city__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(region__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(cntry_cd__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(cntry_nm__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(postal_zip_cd__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(prov_state_desc__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(prov_state_cd__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(store_type_cd__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(store_type_desc__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(frnchs_flg__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(store_size__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(market_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(market_name__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(submarket_key__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(submarket_name__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(latitude__text, ''), '~', '~0'), '|', '~1'), REPLACE(REPLACE(COALESCE(longitude__text, ''), '~', '~0'), '|', '~1')) END AS _texts
    FROM judged_rows
  )
  SELECT
    store_key, store_num, store_desc, addr, city, region, cntry_cd, cntry_nm, postal_zip_cd, prov_state_desc, prov_state_cd, store_type_cd, store_type_desc, frnchs_flg, store_size, market_key, market_name, submarket_key, submarket_name, latitude, longitude,
    _file, _business_date,
    CASE WHEN _problems = '' AND COUNT(*) OVER (PARTITION BY _file, store_key, _problems) > 1 THEN 'store_key=KEY_NOT_UNIQUE' ELSE _problems END AS _problems,
    _texts
  FROM told_rows
);
