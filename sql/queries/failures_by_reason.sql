-- Why pages could not be archived.
-- :days integer 30 how many days back
SELECT reason.key AS reason, sum(reason.value::bigint)::bigint AS pages, count(DISTINCT r.source_id) AS sources
FROM archive.runs r
CROSS JOIN LATERAL jsonb_each_text(r.reasons) AS reason
WHERE r.started_at > now() - make_interval(days => %(days)s)
GROUP BY reason.key
ORDER BY pages DESC, reason.key;
