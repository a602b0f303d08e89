-- name: lock
SELECT pg_try_advisory_xact_lock(hashtextextended('tonggao.retention', 0)), clock_timestamp()

-- name: months_before
SELECT tonggao.months_before(%(parent)s, %(before)s)

-- name: drop_month
SELECT tonggao.drop_month(%(month)s)

-- name: drop_events
DELETE FROM tonggao.event WHERE at < now() - interval '400 days'
