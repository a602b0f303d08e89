-- Watches: how they are made, what they match, what is sent.

-- name: anything
-- Whether there is something to look at; nothing is while no watch works.
SELECT FROM tonggao.watch_place p
WHERE EXISTS (SELECT FROM tonggao.watch w WHERE w.paused_at IS NULL)
  AND (EXISTS (SELECT FROM tonggao.change_position o WHERE o.position > p.position) OR EXISTS (SELECT FROM tonggao.watch_file));

-- name: place
-- One process at a time.
SELECT p.position, p.version, EXISTS (SELECT FROM tonggao.watch_file) AS files
FROM tonggao.watch_place p
WHERE EXISTS (SELECT FROM tonggao.watch w WHERE w.paused_at IS NULL)
FOR UPDATE OF p SKIP LOCKED;

-- name: advance
UPDATE tonggao.watch_place SET position = %(position)s;

-- name: hold_still
-- Who changes watches waits for an evaluation under way, so that none misses what is archived meanwhile. Where no
-- watch works, nothing was looked at, and nothing of it will be.
UPDATE tonggao.watch_place
SET version = version + 1,
    position = CASE WHEN EXISTS (SELECT FROM tonggao.watch w WHERE w.paused_at IS NULL) THEN position
                    ELSE coalesce((SELECT max(o.position) FROM tonggao.change_position o), 0) END
RETURNING coalesce((SELECT max(o.position) FROM tonggao.change_position o), 0);

-- name: evaluated
-- One watch, or all that work.
SELECT w.watch_id, tonggao.asked(w.query, w.exact) AS asked, tonggao.region_patterns(w.region) AS places, w.source_id, w.kind,
       w.events, w.carried, w.days, w.starts_after, w.starts_at
FROM tonggao.watch w
WHERE CASE WHEN %(watch_id)s::bigint IS NULL THEN w.paused_at IS NULL ELSE w.watch_id = %(watch_id)s END
ORDER BY w.watch_id;

-- name: read_query
SELECT tonggao.asked(%(query)s, %(exact)s) AS asked, tonggao.region_patterns(%(region)s::text) AS places;

-- name: sample
SELECT archive.fold(r.title || E'\n' || r.body) FROM tonggao.revision r ORDER BY r.dated_at DESC LIMIT 100;

-- name: changes
SELECT o.position, c.change_id, c.at, c.kind, coalesce(e.merged_into, c.release_id) AS release_id, c.publication_id,
       coalesce(c.revision_id, p.revision_id) AS revision_id
FROM (SELECT n.position, n.change_id, n.at FROM tonggao.change_position n
      WHERE n.position > %(after)s ORDER BY n.position LIMIT %(count)s) AS o
JOIN tonggao.change c ON c.change_id = o.change_id AND c.at = o.at
LEFT JOIN tonggao.release e ON e.release_id = c.release_id
LEFT JOIN tonggao.publication p ON p.publication_id = c.publication_id
ORDER BY o.position;

-- name: texts
SELECT r.revision_id, r.publication_id, s.source_id, s.kind, array_remove(r.region || s.region, NULL) AS places, r.title,
       CASE WHEN r.published_at IS NOT NULL OR r.brought_by = 'visit' THEN r.dated_at END AS dated_at,
       coalesce(r.brought_by, CASE WHEN r.reparsed THEN 'reparse' END) AS brought_by,
       archive.fold(r.title || E'\n' || r.body) AS folded, lower((r.title || E'\n' || r.body) COLLATE "C") AS typed
FROM tonggao.revision r JOIN tonggao.source s ON s.source_id = r.source_id
WHERE r.revision_id = ANY (%(ids)s::bigint[]);

-- name: texts_before
-- The text that an edit took the place of.
SELECT r.revision_id, b.revision_id
FROM tonggao.revision r
CROSS JOIN LATERAL (
    SELECT v.revision_id FROM tonggao.revision v
    WHERE v.publication_id = r.publication_id
      AND (v.valid_from, v.recorded_at, v.revision_id) < (r.valid_from, r.recorded_at, r.revision_id)
    ORDER BY v.valid_from DESC, v.recorded_at DESC, v.revision_id DESC LIMIT 1) AS b
WHERE r.revision_id = ANY (%(ids)s::bigint[]);

-- name: members
SELECT p.release_id, p.publication_id, p.source_id, p.revision_id
FROM tonggao.publication p
WHERE p.release_id = ANY (%(ids)s::bigint[]) AND p.revision_id IS NOT NULL
ORDER BY p.release_id, p.publication_id;

-- name: put_matches
-- A release that was told keeps that also when another takes it over.
INSERT INTO tonggao.watch_match (watch_id, event, change_id, release_id, publication_id, revision_id, file_digest, happened_at)
SELECT n.watch_id, n.event, n.change_id, n.release_id, n.publication_id, n.revision_id, n.file_digest, n.happened_at
FROM unnest(%(watch_id)s::bigint[], %(event)s::text[], %(change_id)s::bigint[], %(release_id)s::bigint[],
            %(publication_id)s::bigint[], %(revision_id)s::bigint[], %(file_digest)s::bytea[], %(happened_at)s::timestamptz[])
     WITH ORDINALITY AS n (watch_id, event, change_id, release_id, publication_id, revision_id, file_digest, happened_at, place)
WHERE n.event NOT IN ('new', 'carried') OR NOT EXISTS (
    SELECT FROM tonggao.release e JOIN tonggao.watch_match m ON m.release_id = e.release_id
    WHERE e.merged_into = n.release_id AND m.watch_id = n.watch_id AND m.event = n.event)
ORDER BY n.place
ON CONFLICT DO NOTHING;

-- name: take_files
DELETE FROM tonggao.watch_file f
WHERE f.digest IN (SELECT n.digest FROM tonggao.watch_file n ORDER BY n.at LIMIT 20 FOR UPDATE SKIP LOCKED)
RETURNING f.digest;

-- name: file_texts
-- What files say, for each publication that offers them and whose release was archived lately.
SELECT k.digest, p.release_id, p.publication_id, r.revision_id, r.source_id, s.kind, array_remove(r.region || s.region, NULL) AS places,
       CASE WHEN r.published_at IS NOT NULL OR r.brought_by = 'visit' THEN r.dated_at END AS dated_at,
       t.folded, lower(t.body COLLATE "C") AS typed, t.recognised, e.created_at
FROM tonggao.kept_file k
JOIN tonggao.file_text t ON t.digest = k.digest AND t.state = 'read'
JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
JOIN tonggao.source s ON s.source_id = r.source_id
JOIN tonggao.release e ON e.release_id = p.release_id
WHERE k.digest = ANY (%(digests)s) AND e.created_at > now() - make_interval(days => %(days)s)
  AND tonggao.offers(k.kind, k.url, r.attachments, r.images)
ORDER BY p.publication_id, t.recognised
LIMIT 500;

-- name: texts_of_release
-- The texts in force of a release's publications, and of their files.
SELECT p.publication_id, p.url, NULL::text AS file, s.source_id, s.kind, array_remove(r.region || s.region, NULL) AS places, r.title,
       CASE WHEN r.published_at IS NOT NULL OR r.brought_by = 'visit' THEN r.dated_at END AS dated_at, p.first_seen_at,
       archive.fold(r.title || E'\n' || r.body) AS folded, lower((r.title || E'\n' || r.body) COLLATE "C") AS typed,
       archive.fold(r.title) AS folded_title, lower(r.title COLLATE "C") AS typed_title
FROM tonggao.publication p
JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
JOIN tonggao.source s ON s.source_id = p.source_id
WHERE p.release_id = %(release_id)s
UNION ALL
SELECT p.publication_id, p.url, k.url, s.source_id, s.kind, array_remove(r.region || s.region, NULL), r.title,
       CASE WHEN r.published_at IS NOT NULL OR r.brought_by = 'visit' THEN r.dated_at END, p.first_seen_at,
       t.folded, lower(t.body COLLATE "C"), NULL, NULL
FROM tonggao.publication p
JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
JOIN tonggao.source s ON s.source_id = p.source_id
JOIN tonggao.kept_file k ON k.page_digest = tonggao.digest_of(p.url)
JOIN tonggao.file_text t ON t.digest = k.digest AND t.state = 'read'
WHERE p.release_id = %(release_id)s AND tonggao.offers(k.kind, k.url, r.attachments, r.images)
ORDER BY 1, 3 NULLS FIRST;

-- name: add
INSERT INTO tonggao.watch (query, exact, region, source_id, kind, events, carried, days, every, daily, starts_after, starts_at, feed, target_shown)
VALUES (%(query)s, %(exact)s, %(region)s, %(source_id)s, %(kind)s, %(events)s, %(carried)s, %(days)s, %(every)s, %(daily)s,
        %(starts_after)s, coalesce(%(starts_at)s::timestamp AT TIME ZONE 'Asia/Shanghai', now()), %(feed)s, %(target_shown)s)
RETURNING watch_id;

-- name: add_target
INSERT INTO tonggao.watch_target (watch_id, address, secret) VALUES (%(watch_id)s, %(address)s, %(secret)s);

-- name: place_before
-- The position before the first change since a day.
SELECT coalesce((SELECT min(o.position) - 1 FROM tonggao.change_position o
                 WHERE o.at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai'),
                (SELECT max(o.position) FROM tonggao.change_position o), 0);

-- name: listed
SELECT w.watch_id, w.query, w.exact, w.region, w.source_id, w.kind, w.events, w.carried, w.days, w.every, w.daily, w.target,
       w.state, w.paused_for, w.fault, w.failures, w.created_at, w.matches, w.sent, w.waiting, w.last_sent_at, n.feed, n.fault_detail
FROM archive.watches w JOIN tonggao.watch n USING (watch_id)
WHERE %(watch_id)s::bigint IS NULL OR w.watch_id = %(watch_id)s
ORDER BY w.watch_id;

-- name: pause
UPDATE tonggao.watch SET paused_at = coalesce(paused_at, now()), paused_for = coalesce(paused_for, %(why)s)
WHERE watch_id = %(watch_id)s
RETURNING watch_id;

-- name: resume
UPDATE tonggao.watch
SET starts_after = CASE WHEN paused_at IS NULL THEN starts_after ELSE %(last)s END,
    starts_at = CASE WHEN paused_at IS NULL THEN starts_at ELSE now() END, paused_at = NULL, paused_for = NULL,
    failures = 0, failing_since = NULL, fault = NULL, fault_detail = NULL
WHERE watch_id = %(watch_id)s
RETURNING watch_id;

-- name: retry_now
UPDATE tonggao.watch_message SET next_try_at = now() WHERE watch_id = %(watch_id)s AND sent_at IS NULL;

-- name: remove
DELETE FROM tonggao.watch WHERE watch_id = %(watch_id)s RETURNING watch_id;

-- name: told_of
SELECT m.event, m.matched_at, g.sent_at
FROM tonggao.watch_match m LEFT JOIN tonggao.watch_message g ON g.message_id = m.message_id
WHERE m.watch_id = %(watch_id)s AND m.release_id = %(release_id)s
ORDER BY m.match_id;
