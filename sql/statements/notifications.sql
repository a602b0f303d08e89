-- name: lock
SELECT pg_try_advisory_xact_lock(hashtextextended('tonggao.notifications', 0))

-- name: untold
SELECT event_id, at, source_id, new_state, sentence FROM tonggao.event
WHERE notified_at IS NULL AND kind <> ALL(%(quiet)s) ORDER BY event_id LIMIT 500

-- name: sent
SELECT DISTINCT notified_at FROM tonggao.event
WHERE notified_at > now() - interval '24 hours' AND kind <> ALL(%(quiet)s)

-- name: told
UPDATE tonggao.event SET notified_at = now() WHERE event_id = ANY(%(events)s)

-- name: digest_sent
SELECT EXISTS (SELECT FROM tonggao.event WHERE kind = %(digest)s AND at > now() - interval '20 hours')

-- name: digest_done
INSERT INTO tonggao.event (kind, sentence, notified_at) VALUES (%(digest)s, %(sentence)s, now())

-- name: troubled
SELECT source_id, state, cause FROM tonggao.source_state WHERE enabled AND state <> 'ok' ORDER BY since DESC

-- name: new_releases
SELECT count(*) FROM tonggao.release WHERE created_at > now() - interval '24 hours' AND merged_into IS NULL

