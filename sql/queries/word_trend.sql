-- In how many releases of each month some words stand (a query as in search).
-- :words text required the words
SELECT date_trunc('month', m.dated_at AT TIME ZONE 'Asia/Shanghai')::date AS month, count(*) AS releases
FROM archive.matches(%(words)s) m
GROUP BY 1
ORDER BY 1;
