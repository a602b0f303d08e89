-- The outbox of watches: matches become messages, messages are sent.

-- name: waiting
-- Watches with matches that no message tells yet. Whoever has the row gathers for it.
SELECT w.watch_id, w.every, w.daily, m.oldest,
       (SELECT count(*) FROM tonggao.watch_message g
        WHERE g.watch_id = w.watch_id AND g.created_at >= date_trunc('day', m.oldest, 'Asia/Shanghai')
          AND g.created_at < date_trunc('day', m.oldest, 'Asia/Shanghai') + interval '1 day') AS that_day,
       (SELECT count(*) FROM tonggao.watch_message g
        WHERE g.watch_id = w.watch_id AND g.created_at >= date_trunc('day', now(), 'Asia/Shanghai')) AS today
FROM tonggao.watch w
CROSS JOIN LATERAL (SELECT min(n.matched_at) AS oldest FROM tonggao.watch_match n
                    WHERE n.watch_id = w.watch_id AND n.message_id IS NULL) AS m
WHERE w.paused_at IS NULL AND w.target_shown IS NOT NULL AND m.oldest IS NOT NULL
ORDER BY w.watch_id
FOR UPDATE OF w SKIP LOCKED;

-- name: gather
WITH message AS (
    INSERT INTO tonggao.watch_message (watch_id, digest)
    SELECT %(watch_id)s, %(digest)s
    WHERE EXISTS (SELECT FROM tonggao.watch_match m WHERE m.watch_id = %(watch_id)s AND m.message_id IS NULL)
    RETURNING message_id
)
UPDATE tonggao.watch_match m SET message_id = g.message_id
FROM message g WHERE m.watch_id = %(watch_id)s AND m.message_id IS NULL;

-- name: claim
-- The oldest message of each watch goes first; what a killed process held is free again after a while.
UPDATE tonggao.watch_message g
SET attempts = g.attempts + 1, claimed_until = now() + make_interval(secs => %(seconds)s)
FROM (SELECT n.message_id, w.query, t.address, t.secret
      FROM tonggao.watch w
      JOIN tonggao.watch_target t ON t.watch_id = w.watch_id
      JOIN tonggao.watch_message n ON n.message_id = (SELECT min(o.message_id) FROM tonggao.watch_message o
                                                      WHERE o.watch_id = w.watch_id AND o.sent_at IS NULL)
      WHERE w.paused_at IS NULL AND n.next_try_at <= now() AND (n.claimed_until IS NULL OR n.claimed_until <= now())
      ORDER BY n.next_try_at, n.message_id
      LIMIT 1 FOR UPDATE OF n SKIP LOCKED) AS c
WHERE g.message_id = c.message_id AND g.sent_at IS NULL
RETURNING g.message_id, g.watch_id, g.key::text AS key, g.attempts, g.digest, g.created_at, c.query, c.address, c.secret;

-- name: counted
SELECT event, count(*) FROM tonggao.watch_match WHERE message_id = %(message_id)s GROUP BY event;

-- name: items
SELECT m.match_id, m.event, m.release_id, m.publication_id, m.revision_id, m.happened_at, r.title,
       CASE WHEN m.event = 'edit' THEN r.body END AS body, p.url,
       s.source_id, s.name AS source_name, s.publisher,
       CASE WHEN r.published_at IS NOT NULL OR r.brought_by = 'visit' THEN r.dated_at END AS dated_at,
       ARRAY(SELECT tonggao.division_name(code) FROM unnest(CASE WHEN cardinality(r.region) > 0 THEN r.region
             ELSE array_remove(ARRAY[s.region], NULL) END) AS code) AS places,
       tonggao.excerpt(coalesce(f.body, r.body), a.words, 60, '⟦', '⟧', w.exact) AS snippet,
       (SELECT count(DISTINCT c.source_id) FROM tonggao.publication c WHERE c.release_id = p.release_id) AS carried,
       b.title AS previous_title, b.body AS previous_body
FROM tonggao.watch_match m
JOIN tonggao.watch w ON w.watch_id = m.watch_id
CROSS JOIN LATERAL (SELECT tonggao.asked_words(tonggao.asked(w.query, w.exact)) AS words) AS a
LEFT JOIN tonggao.publication p ON p.publication_id = m.publication_id
LEFT JOIN tonggao.source s ON s.source_id = p.source_id
LEFT JOIN tonggao.revision r ON r.revision_id = m.revision_id
LEFT JOIN LATERAL (SELECT t.body FROM tonggao.file_text t WHERE t.digest = m.file_digest AND t.state = 'read'
                   ORDER BY t.recognised LIMIT 1) AS f ON true
LEFT JOIN LATERAL (
    SELECT v.title, v.body FROM tonggao.revision v
    WHERE m.event = 'edit' AND v.publication_id = r.publication_id
      AND (v.valid_from, v.recorded_at, v.revision_id) < (r.valid_from, r.recorded_at, r.revision_id)
    ORDER BY v.valid_from DESC, v.recorded_at DESC, v.revision_id DESC LIMIT 1) AS b ON true
WHERE m.message_id = %(message_id)s
ORDER BY m.match_id
LIMIT %(most)s;

-- name: sent
UPDATE tonggao.watch_message SET sent_at = now(), claimed_until = NULL WHERE message_id = %(message_id)s;

-- name: drop_empty
-- All that it told was erased meanwhile.
DELETE FROM tonggao.watch_message WHERE message_id = %(message_id)s;

-- name: taken
-- The fault that is over, where there was one.
UPDATE tonggao.watch w SET failures = 0, failing_since = NULL, fault = NULL, fault_detail = NULL
FROM (SELECT o.watch_id, o.fault, o.failures FROM tonggao.watch o WHERE o.watch_id = %(watch_id)s FOR UPDATE) AS before
WHERE w.watch_id = before.watch_id
RETURNING before.fault, before.failures;

-- name: later
UPDATE tonggao.watch_message SET claimed_until = NULL, next_try_at = now() + %(wait)s WHERE message_id = %(message_id)s;

-- name: failed
-- The fault before, where there was one.
UPDATE tonggao.watch w
SET failures = w.failures + 1, failing_since = coalesce(w.failing_since, now()), fault = %(fault)s, fault_detail = %(detail)s
FROM (SELECT o.watch_id, o.fault, o.failures FROM tonggao.watch o WHERE o.watch_id = %(watch_id)s FOR UPDATE) AS before
WHERE w.watch_id = before.watch_id
RETURNING before.fault, before.failures, w.target_shown;

-- name: failing
SELECT w.watch_id, w.query, w.target_shown AS target, w.fault, w.fault_detail, w.failures, w.failing_since,
       w.paused_at IS NOT NULL AS paused
FROM tonggao.watch w
WHERE w.fault IS NOT NULL AND (w.failures >= %(told)s OR w.fault = ANY (%(lasting)s))
ORDER BY w.failing_since;
