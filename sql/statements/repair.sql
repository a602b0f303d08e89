-- Times that a wrong clock left in the future, mended in one transaction. Each statement writes into tonggao.mended_time
-- what it mends; now() is the same for all of them, and so is what they call the future. Order matters: texts first,
-- for what hangs on their times is mended by what became of them.

-- name: mend_revisions
-- A text was recorded by the database's clock. Where that was the same wrong clock, now, in the order of the texts.
WITH found AS (
    SELECT revision_id, valid_from AS old,
           CASE WHEN recorded_at <= now() THEN recorded_at
                ELSE now() - interval '1 microsecond' * row_number() OVER (ORDER BY valid_from DESC, revision_id DESC) END AS new
    FROM tonggao.revision WHERE valid_from > now() + interval '5 minutes'
), mended AS (
    UPDATE tonggao.revision r
    SET valid_from = f.new, dated_at = CASE WHEN r.dated_at = f.old THEN f.new ELSE r.dated_at END
    FROM found f WHERE r.revision_id = f.revision_id AND r.valid_from = f.old
    RETURNING r.revision_id
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'revision', revision_id::text, 'valid_from', old, new FROM found JOIN mended USING (revision_id);

-- name: mend_fingerprints
WITH mended AS (
    UPDATE tonggao.fingerprint f SET revision_from = m.new_value
    FROM tonggao.mended_time m
    WHERE m.mended_at = now() AND m.relation = 'revision' AND f.revision_id = m.row_key::bigint
      AND f.revision_from = m.old_value
    RETURNING f.fingerprint_id, m.old_value, m.new_value
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'fingerprint', fingerprint_id::text, 'revision_from', old_value, new_value FROM mended;

-- name: mend_snapshots
-- A page was received when its text was; one that brought no new text, when its run last said that it was alive.
WITH found AS (
    SELECT s.snapshot_id, s.publication_id, s.fetched_at AS old,
           coalesce(v.valid_from, CASE WHEN r.heartbeat_at <= now() THEN r.heartbeat_at END, now())
               - interval '1 microsecond' * (count(*) OVER later - 1) AS new
    FROM tonggao.snapshot s
    LEFT JOIN tonggao.run r USING (run_id)
    LEFT JOIN LATERAL (
        SELECT v.valid_from FROM tonggao.mended_time m JOIN tonggao.revision v ON v.revision_id = m.row_key::bigint
        WHERE m.mended_at = now() AND m.relation = 'revision' AND m.old_value = s.fetched_at
          AND v.publication_id = s.publication_id
        LIMIT 1
    ) v ON true
    WHERE s.fetched_at > now() + interval '5 minutes'
    WINDOW later AS (PARTITION BY s.publication_id, v.valid_from ORDER BY s.fetched_at DESC)
), further AS (
    UPDATE tonggao.further_page p SET fetched_at = f.new, received_at = least(p.received_at, f.new)
    FROM found f WHERE p.publication_id = f.publication_id AND p.fetched_at = f.old
), mended AS (
    UPDATE tonggao.snapshot s SET fetched_at = f.new
    FROM found f WHERE s.snapshot_id = f.snapshot_id AND s.fetched_at = f.old
    RETURNING s.snapshot_id
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'snapshot', snapshot_id::text, 'fetched_at', old, new FROM found JOIN mended USING (snapshot_id);

-- name: mend_publications
-- body_at is forgotten, so that the page is asked for whole once more.
WITH found AS (
    SELECT p.publication_id, p.first_seen_at, p.last_seen_at, p.withdrawn_at, p.body_at, p.revision_from, p.dated_at, p.ranked_at,
           coalesce(least(min(v.valid_from), now()), now()) AS first_now,
           coalesce(max(v.valid_from) FILTER (WHERE v.revision_id = p.revision_id), p.revision_from) AS text_now
    FROM tonggao.publication p
    LEFT JOIN tonggao.revision v ON v.publication_id = p.publication_id
    WHERE greatest(p.first_seen_at, p.last_seen_at, p.withdrawn_at, p.body_at, p.revision_from) > now() + interval '5 minutes'
    GROUP BY p.publication_id
), mended AS (
    UPDATE tonggao.publication p
    SET first_seen_at = CASE WHEN p.first_seen_at > now() + interval '5 minutes' THEN f.first_now ELSE p.first_seen_at END,
        last_seen_at = least(p.last_seen_at, now()),
        withdrawn_at = CASE WHEN p.withdrawn_at > now() THEN now() ELSE p.withdrawn_at END,
        body_at = CASE WHEN p.body_at > now() + interval '5 minutes' THEN NULL ELSE p.body_at END,
        revision_from = f.text_now,
        dated_at = CASE WHEN p.dated_at IN (p.first_seen_at, p.revision_from) THEN least(p.dated_at, f.first_now) ELSE p.dated_at END,
        ranked_at = CASE WHEN p.ranked_at IN (p.first_seen_at, p.revision_from) THEN least(p.ranked_at, f.first_now) ELSE p.ranked_at END
    FROM found f WHERE p.publication_id = f.publication_id
    RETURNING p.*
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'publication', f.publication_id::text, each.name, each.old, each.new
FROM found f JOIN mended m USING (publication_id)
CROSS JOIN LATERAL (VALUES
    ('first_seen_at', f.first_seen_at, m.first_seen_at), ('last_seen_at', f.last_seen_at, m.last_seen_at),
    ('withdrawn_at', f.withdrawn_at, m.withdrawn_at), ('body_at', f.body_at, m.body_at),
    ('revision_from', f.revision_from, m.revision_from), ('dated_at', f.dated_at, m.dated_at),
    ('ranked_at', f.ranked_at, m.ranked_at)) AS each (name, old, new)
WHERE each.old IS DISTINCT FROM each.new;

-- name: mend_releases
WITH mended AS (
    UPDATE tonggao.release r SET dated_at = m.new_value
    FROM tonggao.mended_time m
    WHERE m.mended_at = now() AND m.relation = 'publication' AND m.column_name = 'dated_at'
      AND r.canonical_id = m.row_key::bigint AND r.dated_at = m.old_value
    RETURNING r.release_id, m.old_value, m.new_value
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'release', release_id::text, 'dated_at', old_value, new_value FROM mended;

-- name: tell_mended
-- Who follows the changes learns of each publication whose texts or dates moved.
INSERT INTO tonggao.change (kind, release_id, publication_id, revision_id)
SELECT 'redated', p.release_id, p.publication_id, p.revision_id
FROM tonggao.publication p
WHERE p.publication_id IN (
    SELECT v.publication_id FROM tonggao.mended_time m JOIN tonggao.revision v ON v.revision_id = m.row_key::bigint
    WHERE m.mended_at = now() AND m.relation = 'revision'
    UNION
    SELECT m.row_key::bigint FROM tonggao.mended_time m
    WHERE m.mended_at = now() AND m.relation = 'publication' AND m.column_name IN ('dated_at', 'revision_from', 'withdrawn_at'))
ORDER BY p.publication_id;

-- name: mend_failing
WITH found AS (
    SELECT url_digest, tried_at, next_try_at, sighted_at, failing_since FROM tonggao.url_state
    WHERE greatest(tried_at, sighted_at, failing_since) > now() + interval '5 minutes'
), mended AS (
    UPDATE tonggao.url_state u
    SET tried_at = least(u.tried_at, now()), next_try_at = now(), failing_since = least(u.failing_since, now()),
        sighted_at = CASE WHEN u.sighted_at > now() THEN NULL ELSE u.sighted_at END
    FROM found f WHERE u.url_digest = f.url_digest
    RETURNING u.*
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'url_state', encode(f.url_digest, 'hex'), each.name, each.old, each.new
FROM found f JOIN mended m USING (url_digest)
CROSS JOIN LATERAL (VALUES
    ('tried_at', f.tried_at, m.tried_at), ('next_try_at', f.next_try_at, m.next_try_at),
    ('sighted_at', f.sighted_at, m.sighted_at), ('failing_since', f.failing_since, m.failing_since)) AS each (name, old, new)
WHERE each.old IS DISTINCT FROM each.new;

-- name: mend_attempts
WITH found AS (
    SELECT a.attempt_id, a.started_at AS old,
           coalesce(CASE WHEN r.heartbeat_at <= now() THEN r.heartbeat_at END, now()) AS new
    FROM tonggao.attempt a LEFT JOIN tonggao.run r USING (run_id)
    WHERE a.started_at > now() + interval '5 minutes'
), mended AS (
    UPDATE tonggao.attempt a SET started_at = f.new
    FROM found f WHERE a.attempt_id = f.attempt_id AND a.started_at = f.old
    RETURNING a.attempt_id
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'attempt', attempt_id::text, 'started_at', old, new FROM found JOIN mended USING (attempt_id);

-- name: mend_files
WITH found AS (
    SELECT page_digest, url_digest, fetched_at AS old FROM tonggao.kept_file WHERE fetched_at > now() + interval '5 minutes'
), mended AS (
    UPDATE tonggao.kept_file k SET fetched_at = now()
    FROM found f WHERE k.page_digest = f.page_digest AND k.url_digest = f.url_digest
)
INSERT INTO tonggao.mended_time (relation, row_key, column_name, old_value, new_value)
SELECT 'kept_file', encode(page_digest, 'hex') || '/' || encode(url_digest, 'hex'), 'fetched_at', old, now() FROM found;

-- name: mended
SELECT relation, column_name, count(*) AS values, min(old_value) AS earliest, max(old_value) AS latest
FROM tonggao.mended_time WHERE mended_at = now() GROUP BY 1, 2 ORDER BY 1, 2;
