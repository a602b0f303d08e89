-- name: lock_timeout
SELECT set_config('lock_timeout', %(limit)s, true);

-- name: in_the_way
-- Sessions that hold a lock on one of our tables in a transaction, the oldest first.
SELECT DISTINCT format('process %s of %s, %s, in a transaction since %s (SELECT pg_terminate_backend(%s))', a.pid,
                       coalesce(a.usename, 'an unknown user'), a.state, to_char(a.xact_start, 'YYYY-MM-DD HH24:MI'), a.pid),
       a.xact_start
FROM pg_locks l
JOIN pg_class c ON c.oid = l.relation
JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND c.relnamespace IN ('tonggao'::regnamespace, 'archive'::regnamespace) AND a.pid <> pg_backend_pid()
ORDER BY a.xact_start
LIMIT 3;
