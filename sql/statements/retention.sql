-- name: lock
SELECT pg_try_advisory_xact_lock(hashtextextended('tonggao.retention', 0))

-- name: drop_months
SELECT tonggao.drop_months(%(parent)s, %(before)s)

-- name: drop_events
DELETE FROM tonggao.event WHERE at < now() - interval '400 days'
