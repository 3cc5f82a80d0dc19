SELECT day, site, people, SUM(history_step) AS history_step, MIN(history_file) AS history_file
FROM (
  SELECT k.day, k.site, k.people,
    -- Of a day that the dump does not speak of, what was known just before its date goes on.
    CASE WHEN k.day >= n.since_dt THEN 0 WHEN k.load_dt < n.dump_dt THEN 1 ELSE 0 END
    - CASE WHEN k.gone_dt IS NULL OR k.gone_dt > n.dump_dt THEN 1 ELSE 0 END AS history_step,
    CAST(NULL AS STRING) AS history_file
  FROM visits_known k CROSS JOIN visits_now n
  WHERE (k.day >= n.since_dt OR k.day >= n.since_before_dt)
    AND k.load_dt <= n.dump_dt AND (k.gone_dt IS NULL OR k.gone_dt >= n.dump_dt)
  UNION ALL
  SELECT d.day, d.site, d.people, 1 AS history_step, d.source_file AS history_file
  FROM visits_dump d
) both_sides
GROUP BY day, site, people
HAVING SUM(history_step) <> 0
