-- Recognition in the daemon.

-- name: lock
SELECT pg_try_advisory_lock(hashtextextended('tonggao.recognising', 0));

-- name: unlock
SELECT pg_advisory_unlock(hashtextextended('tonggao.recognising', 0));
