WITH steps AS (
  SELECT k.day, k.site, k.people, k.load_dt AS history_at, 1 AS history_step, k.source_file AS history_file, CAST(NULL AS STRING) AS history_new
  FROM visits_known k JOIN visits_days t ON t.day = k.day
  UNION ALL
  SELECT k.day, k.site, k.people, k.gone_dt AS history_at, -1 AS history_step, CAST(NULL AS STRING) AS history_file, CAST(NULL AS STRING) AS history_new
  FROM visits_known k JOIN visits_days t ON t.day = k.day
  WHERE k.gone_dt IS NOT NULL
  UNION ALL
  SELECT c.day, c.site, c.people, t.dump_dt AS history_at, c.history_step, CAST(NULL AS STRING) AS history_file, c.history_file AS history_new
  FROM visits_changes c JOIN visits_days t ON t.day = c.day
  UNION ALL
  SELECT c.day, c.site, c.people, t.next_dump_dt AS history_at, -c.history_step AS history_step, CAST(NULL AS STRING) AS history_file, CAST(NULL AS STRING) AS history_new
  FROM visits_changes c JOIN visits_days t ON t.day = c.day
  WHERE t.next_dump_dt IS NOT NULL
),
moments AS (
  SELECT day, site, people, history_at, SUM(history_step) AS history_step,
    COALESCE(MIN(history_new), MIN(history_file), CONCAT('visits/dt=', CAST(history_at AS STRING), '/')) AS source_file
  FROM steps
  GROUP BY day, site, people, history_at
  HAVING SUM(history_step) <> 0
),
levels AS (  -- so many equal rows from then on
  SELECT day, site, people, history_at, history_step, source_file,
    SUM(history_step) OVER (PARTITION BY day, site, people ORDER BY history_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS history_held
  FROM moments
),
borders AS (  -- the first of them, the second, and so on: each comes and goes by itself
  SELECT day, site, people, history_at, history_step, source_file,
    EXPLODE(SEQUENCE(CAST(LEAST(history_held, history_held - history_step) + 1 AS BIGINT), CAST(GREATEST(history_held, history_held - history_step) AS BIGINT))) AS history_copy
  FROM levels
),
runs AS (
  SELECT day, site, people, history_at AS load_dt, history_step, source_file,
    LEAD(history_at) OVER (PARTITION BY day, site, people, history_copy ORDER BY history_at) AS gone_dt
  FROM borders
)
SELECT day, site, people, source_file, load_dt, gone_dt
FROM runs
WHERE history_step > 0
