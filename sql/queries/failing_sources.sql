-- Sources by their share of failed pages in the last thirty days.
-- :rate numeric 0.05 only sources that fail more often
SELECT source_id, publisher, runs_30d, fetched_30d, failed_30d, round(failure_rate_30d::numeric, 3) AS failure_rate, last_error
FROM archive.sources_health
WHERE failure_rate_30d > %(rate)s
ORDER BY failure_rate_30d DESC, source_id;
