-- name: jobs
SELECT queue_name, status::text, count(*) FROM queue.procrastinate_jobs
WHERE status IN ('todo', 'doing') GROUP BY 1, 2

-- name: overdue
SELECT greatest(0, coalesce(extract(epoch FROM now() - min(next_due_at)), 0))::float8
FROM tonggao.schedule JOIN tonggao.source USING (source_id)
WHERE source.enabled AND open_slot_at IS NULL

-- name: slots
SELECT state, count(*) FROM tonggao.slot
WHERE due_at > now() - interval '1 day' AND finished_at > now() - interval '1 hour' GROUP BY 1

-- name: attempts
SELECT outcome, count(*) FROM tonggao.attempt WHERE started_at > now() - interval '1 hour' GROUP BY 1
