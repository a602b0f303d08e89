-- name: find_robots
SELECT origin, verdict, body, status, detail, extract(epoch FROM expires_at - now())::float8 AS "left"
FROM tonggao.robots
WHERE origin = %(origin)s AND expires_at > now();

-- name: store_robots
INSERT INTO tonggao.robots AS r (origin, verdict, body, status, detail, fetched_at, expires_at)
VALUES (%(origin)s, %(verdict)s, %(body)s, %(status)s, %(detail)s, now(), now() + %(lifetime)s * interval '1 second')
ON CONFLICT (origin) DO UPDATE SET
    verdict = excluded.verdict, body = excluded.body, status = excluded.status, detail = excluded.detail,
    fetched_at = excluded.fetched_at, expires_at = excluded.expires_at, failures = 0;

-- name: fail_robots
-- It could not be had. Until it is asked for again what was had before stays in force while it is young enough, else no
-- page may be asked for.
INSERT INTO tonggao.robots AS r (origin, verdict, status, detail, fetched_at, expires_at, failures)
VALUES (%(origin)s, 'disallow', %(status)s, %(detail)s, now(),
        now() + (%(waits)s::float8[])[1] * interval '1 second', 1)
ON CONFLICT (origin) DO UPDATE SET
    (verdict, body, fetched_at, status, detail, failures, expires_at) = (
        SELECT CASE WHEN young THEN r.verdict ELSE 'disallow' END, CASE WHEN young THEN r.body ELSE '' END,
               CASE WHEN young THEN r.fetched_at ELSE now() END, excluded.status, excluded.detail, r.failures + 1,
               least(now() + wait * interval '1 second',
                     CASE WHEN young THEN r.fetched_at + %(trust)s * interval '1 second' END)
        FROM (SELECT r.verdict <> 'disallow' AND r.fetched_at > now() - %(trust)s * interval '1 second' AS young,
                     (%(waits)s::float8[])[least(r.failures + 1, cardinality(%(waits)s::float8[]))] AS wait) AS was
    )
RETURNING r.origin, r.verdict, r.body, r.status, r.detail, extract(epoch FROM r.expires_at - now())::float8 AS "left";

-- name: record_attempts
-- A batch of rows; their numbers come back in the order of the batch. A URL that is in hand is taken off the failing
-- ones; what was remembered of it comes back too, for its page may yet turn out to be unreadable.
WITH settings AS (
    SELECT set_config('synchronous_commit', 'off', true) AS done
), told AS (
    SELECT * FROM unnest(
        %(started_at)s::timestamptz[], %(source_id)s::text[], %(run_id)s::bigint[], %(purpose)s::text[], %(url)s::text[],
        %(final_url)s::text[], %(outcome)s::text[], %(status)s::smallint[], %(wall)s::text[], %(bytes)s::bigint[],
        %(milliseconds)s::integer[], %(redirects)s::smallint[], %(decision)s::text[], %(retry_at)s::timestamptz[],
        %(detail)s::text[], %(robots_ignored)s::boolean[], %(key)s::text[], %(clock_doubtful)s::boolean[]
    ) WITH ORDINALITY AS t (started_at, source_id, run_id, purpose, url, final_url, outcome, status, wall, bytes,
        milliseconds, redirects, decision, retry_at, detail, robots_ignored, key, clock_doubtful, place)
), locked AS MATERIALIZED (
    SELECT s.url_digest
    FROM tonggao.url_state s
    WHERE s.url_digest IN (SELECT sha256(convert_to(key, 'UTF8')) FROM told WHERE decision = 'none')
    ORDER BY s.url_digest
    FOR UPDATE
), in_hand AS (
    DELETE FROM tonggao.url_state s USING locked WHERE s.url_digest = locked.url_digest
    RETURNING s.url, s.failures, s.sightings, s.sighted_at, s.failing_since
), written AS (
    INSERT INTO tonggao.attempt (started_at, source_id, run_id, purpose, url, final_url, outcome, status, wall, bytes,
        milliseconds, redirects, decision, retry_at, detail, robots_ignored, clock_doubtful)
    SELECT started_at, source_id, run_id, purpose, url, final_url, outcome, status, wall, bytes,
        milliseconds, redirects, decision, retry_at, detail, robots_ignored, clock_doubtful
    FROM told CROSS JOIN settings
    ORDER BY place
    RETURNING attempt_id
)
SELECT w.attempt_id, coalesce(h.failures, 0) AS failures, coalesce(h.sightings, 0) AS sightings, h.sighted_at, h.failing_since
FROM (SELECT attempt_id, row_number() OVER (ORDER BY attempt_id) AS place FROM written) w
JOIN told USING (place)
LEFT JOIN in_hand h ON h.url = told.key AND told.decision = 'none'
ORDER BY place;

-- name: find_url_state
SELECT failures, sightings, sighted_at, failing_since
FROM tonggao.url_state
WHERE url_digest = sha256(convert_to(%(url)s, 'UTF8'));

-- name: store_url_state
INSERT INTO tonggao.url_state AS s (url_digest, url, source_id, purpose, outcome, status, decision, failures, sightings,
    sighted_at, failing_since, tried_at, next_try_at, detail, address, listed_on)
VALUES (sha256(convert_to(%(url)s, 'UTF8')), %(url)s, %(source_id)s, %(purpose)s, %(outcome)s, %(status)s, %(decision)s,
    %(failures)s, %(sightings)s, %(sighted_at)s, coalesce(%(failing_since)s, %(tried_at)s), %(tried_at)s, %(next_try_at)s, %(detail)s,
    %(address)s, %(listed_on)s)
ON CONFLICT (url_digest) DO UPDATE SET
    source_id = excluded.source_id, purpose = excluded.purpose, outcome = excluded.outcome, status = excluded.status,
    decision = excluded.decision, failures = excluded.failures, sightings = excluded.sightings,
    sighted_at = excluded.sighted_at, tried_at = excluded.tried_at, next_try_at = excluded.next_try_at,
    detail = excluded.detail, address = excluded.address, listed_on = coalesce(excluded.listed_on, s.listed_on);

-- name: note_listed
-- What a list shows and nobody has asked for yet: should the visit end before it does, the next one knows.
INSERT INTO tonggao.url_state (url_digest, url, source_id, purpose, outcome, decision, failures, failing_since, tried_at,
    next_try_at, address, listed_on, listed_title)
SELECT sha256(convert_to(url, 'UTF8')), url, %(source_id)s, 'article', 'listed', 'later', 0, %(now)s, %(now)s, %(now)s,
    nullif(address, url), listed_on, listed_title
FROM unnest(%(urls)s::text[], %(addresses)s::text[], %(dates)s::date[], %(titles)s::text[])
     AS fresh (url, address, listed_on, listed_title)
ORDER BY 1
ON CONFLICT (url_digest) DO NOTHING;

-- name: amend_attempt
UPDATE tonggao.attempt
SET outcome = %(outcome)s, detail = %(detail)s, decision = %(decision)s, retry_at = %(retry_at)s
WHERE attempt_id = %(attempt_id)s AND started_at = %(started_at)s;

-- name: not_due
-- Those of the URLs that have failed and whose time has not come. What was tried in the future was tried by a wrong
-- clock, and is due.
SELECT s.url
FROM unnest(%(urls)s::text[]) AS asked (url)
JOIN tonggao.url_state s ON s.url_digest = sha256(convert_to(asked.url, 'UTF8'))
WHERE least(s.next_try_at, s.tried_at + %(most)s::float8 * interval '1 second') > %(now)s
  AND s.tried_at <= %(now)s + interval '5 minutes';

-- name: due_urls
-- Failing URLs of a source whose time has come, the longest overdue first.
SELECT url, purpose, outcome, decision, failures, next_try_at, address, listed_on, listed_title
FROM tonggao.url_state
WHERE source_id = %(source_id)s AND purpose = %(purpose)s
  AND (next_try_at <= %(now)s OR tried_at > %(now)s + interval '5 minutes')
ORDER BY next_try_at
LIMIT %(most)s;

-- name: failing_urls
-- What has been failing longest, for the report to the operator.
SELECT source_id, url, purpose, outcome, status, decision, failures, failing_since, tried_at, next_try_at, detail
FROM tonggao.url_state
WHERE failures >= %(least)s AND (%(source_id)s::text IS NULL OR source_id = %(source_id)s)
ORDER BY failing_since
LIMIT %(most)s;

-- name: purge_attempts
-- At most one batch; repeat until it removes nothing.
DELETE FROM tonggao.attempt
WHERE (started_at, attempt_id) IN (
    SELECT started_at, attempt_id FROM tonggao.attempt
    WHERE started_at < %(before)s
    ORDER BY started_at
    LIMIT %(most)s
);
