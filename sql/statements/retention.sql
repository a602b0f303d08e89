-- name: lock
SELECT pg_try_advisory_xact_lock(hashtextextended('tonggao.retention', 0))

-- name: drop_months
SELECT tonggao.drop_months(%(parent)s, %(before)s)

-- name: drop_contents
DELETE FROM tonggao.content
WHERE digest IN (
    SELECT content.digest FROM tonggao.content
    WHERE content.stored_at < %(before)s
      AND NOT EXISTS (SELECT FROM tonggao.snapshot s
                      WHERE s.digest = content.digest AND s.fetched_at >= %(before)s)
    LIMIT 20000
)

-- name: drop_events
DELETE FROM tonggao.event WHERE at < now() - interval '400 days'
