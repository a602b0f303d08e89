-- Sources that are not well, or whose pages fail more often than a share in the last thirty days.
-- :rate numeric 0.05 share of failed pages above which a source is listed, well or not
SELECT source_id, publisher, state, visits_30d, visits_failed_30d, runs_30d, fetched_30d, failed_30d,
       round(failure_rate_30d::numeric, 3) AS failure_rate, last_error
FROM archive.sources_health
WHERE failure_rate_30d > %(rate)s OR (enabled AND state <> 'ok')
ORDER BY state = 'failing' DESC, failure_rate_30d DESC NULLS LAST, source_id;
