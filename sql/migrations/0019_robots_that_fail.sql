-- A robots.txt that fails is asked for again after 1, 5, 15 minutes; the one before it stays in force for its 24 hours.

ALTER TABLE tonggao.robots ADD COLUMN failures integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN tonggao.robots.failures IS 'How often in a row it could not be had.';
COMMENT ON COLUMN tonggao.robots.fetched_at IS 'When what is in force was fetched; when it could not be had and nothing else is in force, when that was.';
-- What a lost answer had silenced for an hour is asked for again within five minutes.
UPDATE tonggao.robots SET expires_at = least(expires_at, now() + interval '5 minutes' * (hashtext(origin)::bigint & 65535) / 65536.0)
WHERE verdict = 'disallow';
