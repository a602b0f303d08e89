-- name: interrupt_silent_runs
-- A process that was killed leaves its run open; a living one writes at least every few minutes.
UPDATE tonggao.run
SET state = 'interrupted', finished_at = heartbeat_at, error = 'its process ended'
WHERE source_id = %(source_id)s AND state = 'running' AND heartbeat_at < now() - interval '15 minutes'

-- name: close_silent_runs
-- The same for every source: no run stays open because its source is not visited any more. A backfill's run is open as
-- long as the backfill is, which may be paused for weeks.
UPDATE tonggao.run
SET state = 'interrupted', finished_at = heartbeat_at, error = 'its process ended'
WHERE state = 'running' AND heartbeat_at < now() - interval '30 minutes'
  AND NOT EXISTS (SELECT FROM tonggao.backfill b WHERE b.run_id = run.run_id AND b.state IN ('running', 'paused'))

-- name: open_run
INSERT INTO tonggao.run (source_id, kind, slot_at, worker)
VALUES (%(source_id)s, %(kind)s, %(slot_at)s, %(worker)s)
RETURNING run_id

-- name: note_progress
UPDATE tonggao.run
SET heartbeat_at = now(), listed = %(listed)s, pages = %(pages)s, fetched = %(fetched)s, new = %(new)s,
    copies = %(copies)s, revisions = %(revisions)s, unchanged = %(unchanged)s,
    withdrawn = %(withdrawn)s, failed = %(failed)s, reasons = %(reasons)s
WHERE run_id = %(run_id)s

-- name: close_run
UPDATE tonggao.run
SET state = %(state)s, finished_at = now(), heartbeat_at = now(), listed = %(listed)s,
    pages = %(pages)s, fetched = %(fetched)s, new = %(new)s, copies = %(copies)s,
    revisions = %(revisions)s, unchanged = %(unchanged)s, withdrawn = %(withdrawn)s,
    failed = %(failed)s, reasons = %(reasons)s, error = %(error)s, failure = %(failure)s
WHERE run_id = %(run_id)s

-- name: due_for_recheck
-- The older an article, the rarer the looks: the gap grows by itself for every two days of age.
SELECT publication_id, url, address, etag, last_modified, body_digest, body_at, last_seen_at, withdrawn_at,
       further_digest IS NOT NULL AS several_pages, listed_on, false AS erased
FROM tonggao.publication p
WHERE source_id = %(source_id)s AND erased_at IS NULL
  AND dated_at > %(now)s - %(span)s::interval
  AND withdrawn_at IS NULL
  AND (last_seen_at <= %(now)s - %(gap)s::interval * greatest(1, extract(epoch FROM %(now)s - dated_at) / 172800)
       OR last_seen_at > %(now)s + interval '5 minutes')
  AND NOT EXISTS (SELECT FROM tonggao.url_state s
                  WHERE s.url_digest = sha256(convert_to(p.url, 'UTF8'))
                    AND s.next_try_at > %(now)s AND s.tried_at <= %(now)s + interval '5 minutes')
  AND NOT EXISTS (SELECT FROM tonggao.file_address a  -- a file is looked at once a day
                  WHERE a.url_digest = sha256(convert_to(coalesce(p.address, p.url), 'UTF8'))
                    AND a.checked_at > %(now)s - interval '1 day')
  AND url <> ALL(%(done)s::text[])
ORDER BY last_seen_at
LIMIT %(at_once)s

-- name: withdrawn_unwatched
-- Withdrawn articles that nothing makes anybody look at again: no failing address is remembered for them.
SELECT publication_id, url, address, etag, last_modified, body_digest, body_at, last_seen_at, withdrawn_at,
       further_digest IS NOT NULL AS several_pages, listed_on, false AS erased
FROM tonggao.publication p
WHERE source_id = %(source_id)s AND withdrawn_at IS NOT NULL AND erased_at IS NULL
  AND (withdrawn_at <= %(now)s - %(gap)s::interval OR withdrawn_at > %(now)s + interval '5 minutes')
  AND NOT EXISTS (SELECT FROM tonggao.url_state s WHERE s.url_digest = sha256(convert_to(p.url, 'UTF8')))
ORDER BY withdrawn_at
LIMIT %(at_once)s

-- name: register_source
INSERT INTO tonggao.source AS known
    (source_id, name, publisher, region, kind, lists, tags, confidence, definition)
VALUES
    (%(source_id)s, %(name)s, %(publisher)s, %(region)s, %(kind)s, %(lists)s, %(tags)s,
     %(confidence)s, %(definition)s)
ON CONFLICT (source_id) DO UPDATE
SET name = excluded.name, publisher = excluded.publisher, region = excluded.region,
    kind = excluded.kind, lists = excluded.lists, tags = excluded.tags,
    confidence = excluded.confidence, definition = excluded.definition, updated_at = now()
WHERE known.definition IS DISTINCT FROM excluded.definition

-- name: enabled_sources
SELECT source_id FROM tonggao.source WHERE enabled ORDER BY source_id

-- name: set_aside
INSERT INTO tonggao.quarantine AS known (url, source_id, body, http_charset, parser_version, detail)
VALUES (%(url)s, %(source_id)s, %(body)s, %(http_charset)s, %(parser_version)s, %(detail)s)
ON CONFLICT (tonggao.digest_of(url)) DO UPDATE
SET body = excluded.body, http_charset = excluded.http_charset, parser_version = excluded.parser_version,
    detail = excluded.detail, crashes = known.crashes + 1, last_at = now()

-- name: quarantined
SELECT url, source_id, http_charset, parser_version, detail, crashes, first_at, last_at,
       octet_length(body) AS bytes
FROM tonggao.quarantine
WHERE %(source_id)s::text IS NULL OR source_id = %(source_id)s
ORDER BY last_at DESC
LIMIT 100

-- name: witnesses
-- The database's clock, and the newest observation it has: attempts are written for each of them.
SELECT clock_timestamp(), (SELECT max(started_at) FROM tonggao.attempt)
