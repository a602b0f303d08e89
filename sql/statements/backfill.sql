-- name: create
INSERT INTO tonggao.backfill (source_id, kind, from_date, to_date, walked, file, created_by)
VALUES (%(source_id)s, %(kind)s, %(from_date)s, %(to_date)s, %(kind)s <> 'lists', %(file)s, %(worker)s)
RETURNING backfill_id

-- name: similar
SELECT backfill_id FROM tonggao.backfill
WHERE source_id = %(source_id)s AND kind = %(kind)s AND state IN ('running', 'paused')
  AND from_date IS NOT DISTINCT FROM %(from_date)s AND to_date IS NOT DISTINCT FROM %(to_date)s
  AND file IS NOT DISTINCT FROM %(file)s
ORDER BY backfill_id LIMIT 1

-- name: find
SELECT backfill_id, source_id, kind, from_date, to_date, state, cursor, walked, pages, oldest_date, job_id, starts, run_id,
       file, created_at, created_by, stepped_at, finished_at, remark
FROM tonggao.backfill WHERE backfill_id = %(backfill_id)s

-- name: list
SELECT backfill_id, source_id, kind, from_date, to_date, state, cursor, walked, pages, oldest_date, job_id, starts, run_id,
       file, created_at, created_by, stepped_at, finished_at, remark
FROM tonggao.backfill
WHERE %(every)s OR state IN ('running', 'paused')
ORDER BY backfill_id DESC LIMIT 200

-- name: begin_step
UPDATE tonggao.backfill SET starts = starts + 1
WHERE backfill_id = %(backfill_id)s AND state = 'running' AND job_id = %(job_id)s
RETURNING backfill_id, source_id, kind, from_date, to_date, state, cursor, walked, pages, oldest_date, job_id, starts, run_id,
          file, created_at, created_by, stepped_at, finished_at, remark

-- name: next_job
UPDATE tonggao.backfill SET job_id = %(job_id)s WHERE backfill_id = %(backfill_id)s AND state = 'running'

-- name: end_step
UPDATE tonggao.backfill SET starts = 0, stepped_at = now() WHERE backfill_id = %(backfill_id)s

-- name: turn_page
UPDATE tonggao.backfill
SET cursor = %(cursor)s, walked = %(walked)s, pages = pages + 1, stepped_at = now(), remark = coalesce(%(remark)s, remark),
    oldest_date = least(oldest_date, %(oldest_date)s::date)
WHERE backfill_id = %(backfill_id)s

-- name: add_items
INSERT INTO tonggao.backfill_item (backfill_id, url, url_digest, title, listed_on)
SELECT %(backfill_id)s, url, sha256(convert_to(url, 'UTF8')),
       CASE WHEN NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'publication' AND t.subject = tonggao.digest_of(url))
            THEN title END, listed_on
FROM unnest(%(urls)s::text[], %(titles)s::text[], %(dates)s::date[]) AS item (url, title, listed_on)
ON CONFLICT DO NOTHING

-- name: open_items
SELECT item_id, url, title, listed_on FROM tonggao.backfill_item
WHERE backfill_id = %(backfill_id)s AND outcome IS NULL
ORDER BY item_id LIMIT %(most)s

-- name: settle_item
UPDATE tonggao.backfill_item SET outcome = %(outcome)s, detail = %(detail)s, done_at = now()
WHERE backfill_id = %(backfill_id)s AND item_id = %(item_id)s AND outcome IS NULL

-- name: set_state
UPDATE tonggao.backfill
SET state = %(state)s, remark = coalesce(%(remark)s, remark), starts = 0,
    finished_at = CASE WHEN %(state)s IN ('done', 'cancelled', 'failed') THEN now() END
WHERE backfill_id = %(backfill_id)s AND state = ANY(%(before)s)
RETURNING source_id

-- name: counts
SELECT coalesce(outcome, 'open') AS outcome, count(*) AS items
FROM tonggao.backfill_item WHERE backfill_id = %(backfill_id)s
GROUP BY 1 ORDER BY 2 DESC

-- name: unreached
SELECT url, outcome, detail FROM tonggao.backfill_item
WHERE backfill_id = %(backfill_id)s AND outcome IS NOT NULL
  AND outcome NOT IN ('new', 'copy', 'revision', 'reparsed', 'unchanged', 'known')
ORDER BY item_id LIMIT %(most)s

-- name: lost
SELECT backfill.backfill_id, backfill.source_id, coalesce(backfill.job_id, 0) AS job_id
FROM tonggao.backfill
LEFT JOIN queue.procrastinate_jobs job ON job.id = backfill.job_id AND job.status IN ('todo', 'doing')
WHERE backfill.state = 'running' AND backfill.kind <> 'warc' AND job.id IS NULL
FOR UPDATE OF backfill SKIP LOCKED

-- name: open_run
WITH opened AS (
    INSERT INTO tonggao.run (source_id, kind, worker) VALUES (%(source_id)s, %(kind)s, %(worker)s) RETURNING run_id
)
UPDATE tonggao.backfill SET run_id = opened.run_id FROM opened WHERE backfill_id = %(backfill_id)s
RETURNING backfill.run_id

-- name: count_in_run
UPDATE tonggao.run SET
    heartbeat_at = now(), worker = %(worker)s,
    listed = items.listed, fetched = items.fetched, new = items.new, copies = items.copies,
    revisions = items.revisions, unchanged = items.unchanged, failed = items.failed, reasons = items.reasons
FROM (
    SELECT sum(n)::integer AS listed,
           coalesce(sum(n) FILTER (WHERE outcome IN ('new', 'copy', 'revision')), 0)::integer AS fetched,
           coalesce(sum(n) FILTER (WHERE outcome = 'new'), 0)::integer AS new,
           coalesce(sum(n) FILTER (WHERE outcome = 'copy'), 0)::integer AS copies,
           coalesce(sum(n) FILTER (WHERE outcome = 'revision'), 0)::integer AS revisions,
           coalesce(sum(n) FILTER (WHERE outcome IN ('reparsed', 'unchanged', 'known')), 0)::integer AS unchanged,
           coalesce(sum(n) FILTER (WHERE bad), 0)::integer AS failed,
           coalesce(jsonb_object_agg(outcome, n) FILTER (WHERE bad), '{}') AS reasons
    FROM (
        SELECT outcome, count(*) AS n,
               outcome NOT IN ('new', 'copy', 'revision', 'reparsed', 'unchanged', 'known') AS bad
        FROM tonggao.backfill_item WHERE backfill_id = %(backfill_id)s GROUP BY outcome
    ) by_outcome
) items
WHERE run.run_id = %(run_id)s AND items.listed IS NOT NULL

-- name: close_run
UPDATE tonggao.run SET state = %(state)s, finished_at = now(), error = %(error)s
WHERE run_id = %(run_id)s AND state = 'running'

-- name: take_up_again
-- A step that was set aside for killing its process is tried again.
DELETE FROM tonggao.job_start WHERE task = 'tonggao.backfill_step' AND subject = %(subject)s
