-- name: month
SELECT tonggao.ensure_month(%(parent)s, now() + %(ahead)s * interval '1 month')

-- name: record_poll
WITH run AS (
    SELECT * FROM tonggao.run WHERE run_id = %(run_id)s
), lists AS (
    SELECT DISTINCT ON (a.url) a.url, a.outcome,
           a.final_url ~ '^https?://[^/]+/?(index[.][a-z]+)?$' AND a.url !~ '^https?://[^/]+/?(index[.][a-z]+)?$' AS home
    FROM tonggao.attempt a JOIN run ON a.source_id = run.source_id
    WHERE a.run_id = %(run_id)s AND a.purpose = 'listing' AND a.started_at >= run.started_at - interval '1 hour'
    ORDER BY a.url, a.attempt_id DESC
), alike AS (
    SELECT count(DISTINCT a.url) AS pages
    FROM tonggao.attempt a JOIN run ON a.source_id = run.source_id
    LEFT JOIN tonggao.url_state s ON s.url_digest = sha256(convert_to(a.url, 'UTF8'))
    WHERE a.run_id = %(run_id)s AND a.purpose IN ('listing', 'article') AND a.final_url IS NOT NULL
      AND a.started_at >= run.started_at - interval '1 hour'
      AND coalesce(s.failures, 1) <= 1  -- what has failed for long and is tried again says nothing of today
    GROUP BY a.final_url ORDER BY 1 DESC LIMIT 1
), bad AS (
    SELECT a.url FROM tonggao.attempt a JOIN run ON a.source_id = run.source_id
    WHERE a.run_id = %(run_id)s AND a.outcome NOT IN ('ok', 'not_modified') AND a.purpose <> 'robots'
      AND a.started_at >= run.started_at - interval '1 hour'
    ORDER BY a.attempt_id LIMIT 1
), read AS (
    SELECT count(*)::integer AS articles,
           jsonb_build_object(
               'published_at', count(published_at), 'named_source', count(named_source), 'author', count(author),
               'editor', count(editor), 'images', count(*) FILTER (WHERE images <> '[]')) AS fields,
           (percentile_disc(0.5) WITHIN GROUP (ORDER BY char_length(body)))::integer AS characters,
           (count(*) - count(published_at))::integer AS undated,
           count(*) FILTER (WHERE strpos(body, U&'\FFFD') > 0 OR strpos(title, U&'\FFFD') > 0
                               OR strpos(body, '锟斤拷') > 0)::integer AS misread,
           count(*) FILTER (WHERE published_at > valid_from + interval '1 hour')::integer AS future
    FROM tonggao.revision
    WHERE run_id = %(run_id)s AND NOT reparsed
      AND valid_from >= (SELECT started_at - interval '1 hour' FROM run)
)
INSERT INTO tonggao.poll (source_id, at, run_id, list_outcome, listed, fresh, news, copies, failed, reasons, articles,
                          fields, characters, undated, misread, future, landed_alike, sample_url)
SELECT run.source_id, clock_timestamp(), run.run_id,
       coalesce((SELECT outcome FROM lists WHERE outcome NOT IN ('ok', 'not_modified') ORDER BY url LIMIT 1),
                CASE run.failure WHEN 'list' THEN 'empty_listing' WHEN 'host' THEN 'stopped'
                                 WHEN 'program' THEN 'program' END,
                CASE WHEN run.state = 'failed' AND run.failure IS NULL THEN 'empty_listing' END,
                (SELECT outcome FROM lists ORDER BY outcome DESC LIMIT 1), 'ok'),
       run.listed, run.fetched, run.new + run.copies, run.copies, run.failed, run.reasons, read.articles, read.fields,
       read.characters, read.undated, read.misread, read.future, 
       greatest((SELECT pages FROM alike), (SELECT 2 FROM lists WHERE home LIMIT 1), 0),
       coalesce((SELECT url FROM bad), (SELECT url FROM lists ORDER BY url LIMIT 1))
FROM run CROSS JOIN read
RETURNING list_outcome

-- name: recent_polls
SELECT at, list_outcome, listed, fresh, news, copies, failed, reasons, articles, fields, characters, undated, misread,
       future, landed_alike, sample_url, run_id
FROM (
    (SELECT * FROM tonggao.poll
     WHERE source_id = %(source_id)s AND at > now() - interval '30 days' AND list_outcome <> 'busy'
     ORDER BY at DESC LIMIT 60)
    UNION
    (SELECT * FROM tonggao.poll
     WHERE source_id = %(source_id)s AND at > now() - interval '30 days' AND articles > 0 ORDER BY at DESC LIMIT 120)
) AS polls
ORDER BY at DESC

-- name: habit
SELECT habit_news, habit_hours FROM tonggao.schedule WHERE source_id = %(source_id)s

-- name: health
INSERT INTO tonggao.health (source_id) VALUES (%(source_id)s)
ON CONFLICT (source_id) DO UPDATE SET checked_at = now()
RETURNING state, cause, since, leaning, leaning_for, last_news_at, last_good_at

-- name: set_health
UPDATE tonggao.health
SET state = %(state)s, cause = %(cause)s, since = %(since)s, seen_state = %(seen_state)s, seen_cause = %(seen_cause)s,
    leaning = %(leaning)s, leaning_for = %(leaning_for)s,
    last_good_at = CASE WHEN %(good)s THEN now() ELSE last_good_at END,
    last_news_at = CASE WHEN %(news)s THEN now() ELSE last_news_at END,
    checked_at = now()
WHERE source_id = %(source_id)s

-- name: add_event
INSERT INTO tonggao.event (source_id, kind, old_state, new_state, cause, sentence, evidence)
VALUES (%(source_id)s, %(kind)s, %(old_state)s, %(new_state)s, %(cause)s, %(sentence)s, %(evidence)s)

-- name: unchecked
SELECT health.source_id FROM tonggao.health
JOIN tonggao.source ON source.source_id = health.source_id AND source.enabled
WHERE health.checked_at < now() - interval '30 minutes' AND health.state = 'ok'
ORDER BY health.checked_at LIMIT 200
FOR UPDATE OF health SKIP LOCKED

-- name: status
SELECT s.source_id, source.name, state.state, state.cause, state.since, state.last_news_at, state.last_good_at,
       s.next_due_at, s.open_slot_at, s.pace_seconds, s.mode, s.polled_at,
       (SELECT count(*) FROM tonggao.publication p WHERE p.source_id = s.source_id) AS publications,
       state.set_aside_for, state.overdue_since, state.last_visit_at, state.last_visit_kind, state.last_error
FROM tonggao.schedule s
JOIN tonggao.source USING (source_id)
JOIN tonggao.source_state state USING (source_id)
WHERE source.enabled
ORDER BY tonggao.gravity(state.state) DESC, state.since, s.next_due_at
LIMIT %(most)s

-- name: status_of
SELECT source.source_id, source.name, state.state, state.cause, state.since, state.last_news_at, state.last_good_at,
       s.next_due_at, s.open_slot_at, s.pace_seconds, s.mode, s.polled_at,
       (SELECT count(*) FROM tonggao.publication p WHERE p.source_id = source.source_id) AS publications,
       state.set_aside_for, state.overdue_since, state.last_visit_at, state.last_visit_kind, state.last_error,
       source.enabled
FROM tonggao.source
JOIN tonggao.source_state state USING (source_id)
LEFT JOIN tonggao.schedule s USING (source_id)
WHERE source.source_id = %(source_id)s

-- name: set_aside
SELECT task, subject, set_aside_at, reason FROM tonggao.job_start WHERE set_aside_at IS NOT NULL ORDER BY set_aside_at

-- name: registered
SELECT source_id FROM tonggao.source

-- name: in_trouble
SELECT source_id FROM tonggao.source_state WHERE enabled AND state <> 'ok' ORDER BY since

-- name: needs_somebody
SELECT EXISTS (SELECT FROM tonggao.source_state
               WHERE enabled AND (state = 'failing' OR overdue_since IS NOT NULL))
    OR EXISTS (SELECT FROM tonggao.job_start WHERE set_aside_at IS NOT NULL)

-- name: states
SELECT state, count(*) FROM tonggao.source_state WHERE enabled GROUP BY 1

-- name: processes
SELECT worker, kind, version, started_at, seen_at, memory FROM tonggao.process
WHERE seen_at > now() - interval '2 minutes' ORDER BY started_at

-- name: events
SELECT event_id, at, source_id, kind, old_state, new_state, cause, sentence, evidence
FROM tonggao.event
WHERE %(source_id)s::text IS NULL OR source_id = %(source_id)s
ORDER BY event_id DESC LIMIT %(most)s

-- name: last_attempts
SELECT started_at, purpose, url, final_url, outcome, status, wall, detail, retry_at
FROM tonggao.attempt WHERE source_id = %(source_id)s ORDER BY started_at DESC LIMIT %(most)s

-- name: last_runs
SELECT run_id, kind, state, started_at, finished_at, listed, new, copies, revisions, failed, reasons, error
FROM tonggao.run WHERE source_id = %(source_id)s ORDER BY started_at DESC LIMIT %(most)s

-- name: last_good_page
SELECT p.url, r.title, r.valid_from AS fetched_at, r.published_at, r.author, r.named_source,
       char_length(r.body) AS characters, r.origins
FROM tonggao.publication p
JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
WHERE p.source_id = %(source_id)s AND r.valid_from <= coalesce(%(before)s::timestamptz, now())
ORDER BY r.valid_from DESC LIMIT 1

-- name: first_bad_page
SELECT url, final_url, outcome, status, wall, detail, started_at FROM tonggao.attempt
WHERE source_id = %(source_id)s AND outcome NOT IN ('ok', 'not_modified') AND purpose <> 'robots'
  AND started_at >= coalesce(%(since)s::timestamptz, now() - interval '7 days')
ORDER BY started_at LIMIT 1

-- name: first_changed_page
SELECT p.url, r.title, r.valid_from AS fetched_at, r.published_at, r.author, r.named_source,
       char_length(r.body) AS characters, r.origins
FROM tonggao.publication p
JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
WHERE p.source_id = %(source_id)s AND r.valid_from > %(since)s
ORDER BY r.valid_from LIMIT 1

-- name: restless
SELECT url, source_id, changed_looks AS looks FROM tonggao.publication
WHERE changed_looks >= %(looks)s AND (%(source_id)s::text IS NULL OR source_id = %(source_id)s)
ORDER BY changed_looks DESC, url LIMIT %(most)s
