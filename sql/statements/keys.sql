-- Bringing stored addresses over to the present version of their key.

-- name: hold
-- One process at a time brings over; another one finds it done.
SELECT pg_advisory_xact_lock(hashtext('tonggao.address_key'));

-- name: begin
UPDATE tonggao.address_key SET version = %(version)s, place = '', looked_at = 0, changed = 0, merged = 0, finished_at = NULL
WHERE version < %(version)s;

-- name: progress
SELECT relation, place, looked_at, changed, merged, finished_at IS NOT NULL AS finished
FROM tonggao.address_key ORDER BY relation;

-- name: advance
UPDATE tonggao.address_key
SET place = %(place)s, looked_at = looked_at + %(looked_at)s, changed = changed + %(changed)s, merged = merged + %(merged)s,
    finished_at = CASE WHEN %(finished)s THEN now() END
WHERE relation = %(relation)s;

-- name: publications
SELECT publication_id::text AS place, publication_id, url, address
FROM tonggao.publication
WHERE publication_id > coalesce(nullif(%(place)s, '')::bigint, 0)
ORDER BY publication_id LIMIT %(most)s;

-- name: holders
SELECT publication_id, url FROM tonggao.publication
WHERE tonggao.digest_of(url) = ANY (ARRAY(SELECT tonggao.digest_of(u) FROM unnest(%(urls)s::text[]) AS u));

-- name: put_former_key
INSERT INTO tonggao.former_key (url, publication_id) VALUES (%(old)s, %(publication_id)s)
ON CONFLICT (tonggao.digest_of(url)) DO UPDATE SET publication_id = excluded.publication_id;

-- name: rename_publication
UPDATE tonggao.publication SET url = %(url)s, address = %(address)s WHERE publication_id = %(publication_id)s;

-- name: part_revisions
-- Two texts of one moment cannot both be in force from then on: the other one's is moved by a microsecond.
WITH meeting AS (
    SELECT l.revision_id, l.valid_from FROM tonggao.revision l
    JOIN tonggao.revision k ON k.publication_id = %(kept)s AND k.valid_from = l.valid_from AND k.parser_version = l.parser_version
    WHERE l.publication_id = %(lost)s
), moved AS (
    UPDATE tonggao.revision r SET valid_from = r.valid_from + interval '1 microsecond'
    FROM meeting m WHERE r.revision_id = m.revision_id AND r.valid_from = m.valid_from
), printed AS (
    UPDATE tonggao.fingerprint f SET revision_from = f.revision_from + interval '1 microsecond'
    FROM meeting m WHERE f.revision_id = m.revision_id AND f.revision_from = m.valid_from
)
UPDATE tonggao.publication p SET revision_from = p.revision_from + interval '1 microsecond'
FROM meeting m WHERE p.revision_id = m.revision_id AND p.revision_from = m.valid_from
RETURNING p.publication_id;

-- name: meeting_revisions
SELECT count(*) FROM tonggao.revision l
JOIN tonggao.revision k ON k.publication_id = %(kept)s AND k.valid_from = l.valid_from AND k.parser_version = l.parser_version
WHERE l.publication_id = %(lost)s;

-- name: meeting_snapshots
SELECT count(*) FROM tonggao.snapshot l
JOIN tonggao.snapshot k ON k.publication_id = %(kept)s AND k.fetched_at = l.fetched_at
WHERE l.publication_id = %(lost)s;

-- name: part_snapshots
WITH meeting AS (
    SELECT l.snapshot_id, l.fetched_at FROM tonggao.snapshot l
    JOIN tonggao.snapshot k ON k.publication_id = %(kept)s AND k.fetched_at = l.fetched_at
    WHERE l.publication_id = %(lost)s
), moved AS (
    UPDATE tonggao.snapshot n SET fetched_at = n.fetched_at + interval '1 microsecond'
    FROM meeting m WHERE n.snapshot_id = m.snapshot_id AND n.fetched_at = m.fetched_at
)
UPDATE tonggao.further_page f SET fetched_at = f.fetched_at + interval '1 microsecond'
FROM meeting m WHERE f.publication_id = %(lost)s AND f.fetched_at = m.fetched_at;

-- name: move_history
WITH texts AS (
    UPDATE tonggao.revision SET publication_id = %(kept)s WHERE publication_id = %(lost)s
), pages AS (
    UPDATE tonggao.snapshot SET publication_id = %(kept)s WHERE publication_id = %(lost)s
), further AS (
    UPDATE tonggao.further_page SET publication_id = %(kept)s WHERE publication_id = %(lost)s
), prints AS (
    UPDATE tonggao.fingerprint SET publication_id = %(kept)s WHERE publication_id = %(lost)s
), joined AS (
    UPDATE tonggao.publication SET joined_to = %(kept)s WHERE joined_to = %(lost)s AND publication_id <> %(kept)s
)
UPDATE tonggao.former_key SET publication_id = %(kept)s WHERE publication_id = %(lost)s;

-- name: releases_of
SELECT p.release_id, count(*) FILTER (WHERE p.publication_id NOT IN (%(kept)s, %(lost)s)) AS others
FROM tonggao.publication p
WHERE p.release_id IN (SELECT release_id FROM tonggao.publication WHERE publication_id IN (%(kept)s, %(lost)s))
GROUP BY p.release_id ORDER BY p.release_id;

-- name: join_rows
-- What is seen under either address is there: only both together are withdrawn. The text in force is the later one.
UPDATE tonggao.publication k
SET first_seen_at = least(k.first_seen_at, l.first_seen_at),
    last_seen_at = greatest(k.last_seen_at, l.last_seen_at),
    withdrawn_at = CASE WHEN k.withdrawn_at IS NOT NULL AND l.withdrawn_at IS NOT NULL THEN greatest(k.withdrawn_at, l.withdrawn_at) END,
    withdrawn_for = CASE WHEN k.withdrawn_at IS NOT NULL AND l.withdrawn_at IS NOT NULL THEN coalesce(k.withdrawn_for, l.withdrawn_for) END,
    ranked_at = least(k.ranked_at, l.ranked_at),
    revision_id = CASE WHEN later.text THEN l.revision_id ELSE k.revision_id END,
    revision_from = CASE WHEN later.text THEN l.revision_from ELSE k.revision_from END,
    record_digest = CASE WHEN later.text THEN l.record_digest ELSE k.record_digest END,
    dated_at = CASE WHEN later.text THEN l.dated_at ELSE k.dated_at END,
    own_story = CASE WHEN later.text THEN l.own_story ELSE k.own_story END,
    etag = CASE WHEN later.page THEN l.etag ELSE k.etag END,
    last_modified = CASE WHEN later.page THEN l.last_modified ELSE k.last_modified END,
    body_digest = CASE WHEN later.page THEN l.body_digest ELSE k.body_digest END,
    body_at = CASE WHEN later.page THEN l.body_at ELSE k.body_at END,
    further_digest = CASE WHEN later.page THEN l.further_digest ELSE k.further_digest END,
    joined_by = CASE WHEN k.joined_to = l.publication_id THEN l.joined_by ELSE k.joined_by END,
    joined_to = CASE WHEN k.joined_to = l.publication_id THEN nullif(l.joined_to, k.publication_id) ELSE k.joined_to END,
    evidence = CASE WHEN k.joined_to = l.publication_id THEN l.evidence ELSE k.evidence END
FROM tonggao.publication l, (
    SELECT coalesce(o.revision_from > n.revision_from, n.revision_from IS NULL) AS text,
           coalesce(o.body_at > n.body_at, n.body_at IS NULL) AS page
    FROM tonggao.publication o, tonggao.publication n
    WHERE o.publication_id = %(lost)s AND n.publication_id = %(kept)s
) AS later
WHERE k.publication_id = %(kept)s AND l.publication_id = %(lost)s;

-- name: put_merged_publication
INSERT INTO tonggao.former_key (url, publication_id, merged_id, facts)
SELECT l.url, %(kept)s, l.publication_id, to_jsonb(l) FROM tonggao.publication l WHERE l.publication_id = %(lost)s
ON CONFLICT (tonggao.digest_of(url)) DO UPDATE
SET publication_id = excluded.publication_id, merged_id = excluded.merged_id, facts = excluded.facts;

-- name: drop_publication
DELETE FROM tonggao.publication WHERE publication_id = %(lost)s RETURNING release_id;

-- name: url_states
SELECT encode(url_digest, 'hex') AS place, url, address
FROM tonggao.url_state
WHERE url_digest > decode(%(place)s, 'hex') AND purpose IN ('article', 'further page')
ORDER BY url_digest LIMIT %(most)s;

-- name: rename_url_state
-- Of two that fail under one key the one that failed less is believed.
WITH other AS (
    DELETE FROM tonggao.url_state o
    USING tonggao.url_state s
    WHERE o.url_digest = tonggao.digest_of(%(url)s) AND s.url_digest = tonggao.digest_of(%(old)s)
      AND (o.sightings, o.failures) > (s.sightings, s.failures)
    RETURNING o.url
), worse AS (
    DELETE FROM tonggao.url_state s
    WHERE s.url_digest = tonggao.digest_of(%(old)s)
      AND EXISTS (SELECT FROM tonggao.url_state o WHERE o.url_digest = tonggao.digest_of(%(url)s))
      AND NOT EXISTS (SELECT FROM other)
    RETURNING s.url
)
SELECT (SELECT count(*) FROM other) + (SELECT count(*) FROM worse) AS merged;

-- name: move_url_state
UPDATE tonggao.url_state SET url = %(url)s, url_digest = tonggao.digest_of(%(url)s), address = %(address)s
WHERE url_digest = tonggao.digest_of(%(old)s);

-- name: kept_files
SELECT encode(page_digest, 'hex') || ' ' || encode(url_digest, 'hex') AS place, page_url AS url, NULL AS address
FROM tonggao.kept_file
WHERE (page_digest, url_digest) > (decode(split_part(%(place)s, ' ', 1), 'hex'), decode(split_part(%(place)s, ' ', 2), 'hex'))
ORDER BY page_digest, url_digest LIMIT %(most)s;

-- name: drop_older_files
-- Of one file kept for both addresses the later copy stays known; the bytes of both stay where they are.
WITH pair AS (
    SELECT o.page_digest AS old_page, n.page_digest AS new_page, o.url_digest, o.fetched_at > n.fetched_at AS later
    FROM tonggao.kept_file o
    JOIN tonggao.kept_file n ON n.url_digest = o.url_digest AND n.page_digest = tonggao.digest_of(%(url)s)
    WHERE o.page_digest = tonggao.digest_of(%(old)s)
)
DELETE FROM tonggao.kept_file k USING pair
WHERE k.url_digest = pair.url_digest AND k.page_digest = CASE WHEN pair.later THEN pair.new_page ELSE pair.old_page END;

-- name: move_files
UPDATE tonggao.kept_file SET page_url = %(url)s, page_digest = tonggao.digest_of(%(url)s)
WHERE page_digest = tonggao.digest_of(%(old)s);

-- name: open_items
SELECT lpad(i.backfill_id::text, 19, '0') || ' ' || lpad(i.item_id::text, 19, '0') AS place, i.backfill_id, i.item_id, i.url
FROM tonggao.backfill_item i
JOIN tonggao.backfill b ON b.backfill_id = i.backfill_id AND b.state IN ('running', 'paused')
WHERE i.outcome IS NULL
ORDER BY i.backfill_id, i.item_id;

-- name: settle_double
UPDATE tonggao.backfill_item SET outcome = 'known', detail = %(detail)s, done_at = now()
WHERE backfill_id = %(backfill_id)s AND item_id = %(item_id)s AND outcome IS NULL;
