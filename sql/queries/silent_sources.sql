-- Enabled sources that brought nothing new for some days.
-- :days integer 7 how many days of silence
SELECT source_id, publisher, last_run_at, last_state, newest_dated_at, round(days_since_new::numeric, 1) AS days_since_new
FROM archive.sources_health
WHERE enabled AND coalesce(days_since_new > %(days)s, true)
ORDER BY days_since_new DESC NULLS FIRST, source_id;
