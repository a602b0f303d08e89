-- name: finish
SELECT held.id, queue.procrastinate_finish_job_v1(held.id, %(status)s::queue.procrastinate_job_status, %(delete_job)s)
FROM (
    SELECT id FROM queue.procrastinate_jobs
    WHERE id = %(job_id)s AND attempts = %(attempts)s AND status = 'doing'
    FOR UPDATE
) held

-- name: put_back
SELECT held.id, queue.procrastinate_retry_job_v2(held.id, now() + make_interval(secs => %(pause)s), %(priority)s::integer,
                                                 %(queue)s::varchar, %(lock)s::varchar)
FROM (
    SELECT id FROM queue.procrastinate_jobs
    WHERE id = %(job_id)s AND attempts = %(attempts)s AND status = 'doing'
    FOR UPDATE
) held

-- name: beat
INSERT INTO tonggao.process (process_id, worker, kind, version, queue_worker, memory)
VALUES (%(process_id)s, %(worker)s, %(kind)s, %(version)s, %(queue_worker)s, %(memory)s)
ON CONFLICT (process_id) DO UPDATE
SET seen_at = now(), queue_worker = excluded.queue_worker, memory = excluded.memory

-- name: keep_worker
UPDATE queue.procrastinate_workers SET last_heartbeat = now() WHERE id = %(queue_worker)s

-- name: leave
DELETE FROM tonggao.process WHERE process_id = %(process_id)s

-- name: forget_processes
DELETE FROM tonggao.process WHERE seen_at < now() - interval '10 minutes'

-- name: take_over
WITH stalled AS (
    SELECT job.id FROM queue.procrastinate_jobs job
    LEFT JOIN queue.procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(silence)s))
      AND NOT EXISTS (SELECT FROM queue.procrastinate_events event
                      WHERE event.job_id = job.id AND event.type = 'started' AND event.at > now() - interval '2 seconds')
    FOR UPDATE OF job SKIP LOCKED
)
SELECT stalled.id, queue.procrastinate_retry_job_v2(stalled.id, now(), NULL, NULL, NULL) FROM stalled

-- name: take_back
WITH dropped AS (
    SELECT job.id FROM queue.procrastinate_jobs job
    WHERE job.status = 'doing' AND job.worker_id = %(queue_worker)s AND job.id <> ALL(%(running)s::bigint[])
      AND NOT EXISTS (SELECT FROM queue.procrastinate_events event
                      WHERE event.job_id = job.id AND event.type = 'started' AND event.at > now() - interval '15 seconds')
    FOR UPDATE OF job SKIP LOCKED
)
SELECT dropped.id, queue.procrastinate_retry_job_v2(dropped.id, now(), NULL, NULL, NULL) FROM dropped

-- name: bring_forward
-- No job waits longer than the longest pause: what is to begin later was put back by a clock that was ahead.
UPDATE queue.procrastinate_jobs SET scheduled_at = now()
WHERE status = 'todo' AND scheduled_at > now() + make_interval(secs => %(longest)s)
RETURNING id

-- name: forget_workers
DELETE FROM queue.procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(silence)s)

-- name: delete_done
DELETE FROM queue.procrastinate_jobs
WHERE id IN (
    SELECT job.id FROM queue.procrastinate_jobs job
    WHERE job.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
      AND NOT EXISTS (SELECT FROM queue.procrastinate_events event
                      WHERE event.job_id = job.id AND event.at > now() - make_interval(hours => %(hours)s))
    LIMIT 5000
)

-- name: archived_sources
SELECT source_id FROM tonggao.source s
WHERE EXISTS (SELECT FROM tonggao.publication p WHERE p.source_id = s.source_id)

-- name: find_start
-- What was set aside a day ago is tried once more: it may have died beside another, or what killed it may be mended.
SELECT CASE WHEN set_aside_at < now() - interval '1 day' THEN starts - 1 ELSE starts END AS starts,
       CASE WHEN set_aside_at < now() - interval '1 day' THEN NULL ELSE reason END AS reason
FROM tonggao.job_start WHERE task = %(task)s AND subject = %(subject)s

-- name: begin_start
INSERT INTO tonggao.job_start AS s (task, subject, worker) VALUES (%(task)s, %(subject)s, %(worker)s)
ON CONFLICT (task, subject) DO UPDATE
SET starts = CASE WHEN s.set_aside_at IS NOT NULL THEN s.starts ELSE s.starts + 1 END,
    worker = excluded.worker, begun_at = now(), set_aside_at = NULL, reason = NULL

-- name: end_start
-- A process that ends a job which another has begun meanwhile was slow, or cut off; it did not die of it.
WITH ended AS (
    DELETE FROM tonggao.job_start
    WHERE task = %(task)s AND subject = %(subject)s AND worker = %(worker)s AND set_aside_at IS NULL
)
UPDATE tonggao.job_start SET starts = starts - 1
WHERE task = %(task)s AND subject = %(subject)s AND worker <> %(worker)s AND set_aside_at IS NULL AND starts > 1

-- name: set_start_aside
UPDATE tonggao.job_start SET set_aside_at = now(), reason = %(reason)s
WHERE task = %(task)s AND subject = %(subject)s

-- name: disabled_jobs
SELECT job.id
FROM queue.procrastinate_jobs job
JOIN tonggao.source s ON s.source_id = job.args->>'source_id'
WHERE job.id = ANY (%(running)s::bigint[]) AND job.task_name = %(task)s AND NOT s.enabled

-- name: lists_of
-- The first list of each source: its host is what visits of several columns share.
SELECT source_id, lists[1] FROM tonggao.source WHERE source_id = ANY (%(ids)s)
