-- name: lock_timeout
SELECT set_config('lock_timeout', %(limit)s, true);
