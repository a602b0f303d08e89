-- name: now
SELECT clock_timestamp()

-- name: plan_source
INSERT INTO tonggao.schedule AS s (source_id, mode, cron, minimum_seconds, maximum_seconds, jitter_seconds,
                                   quiet_from, quiet_to, pace_seconds, next_due_at)
VALUES (%(source_id)s, %(mode)s, %(cron)s, %(minimum)s, %(maximum)s, %(jitter)s, %(quiet_from)s, %(quiet_to)s,
        %(minimum)s, now() + make_interval(secs => %(first)s))
ON CONFLICT (source_id) DO UPDATE SET
    mode = excluded.mode, cron = excluded.cron, minimum_seconds = excluded.minimum_seconds,
    maximum_seconds = excluded.maximum_seconds, jitter_seconds = excluded.jitter_seconds,
    quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
    pace_seconds = greatest(excluded.minimum_seconds, least(excluded.maximum_seconds, s.pace_seconds)),
    next_due_at = least(s.next_due_at, excluded.next_due_at + make_interval(secs => excluded.minimum_seconds))
WHERE (s.mode, s.cron, s.minimum_seconds, s.maximum_seconds, s.jitter_seconds, s.quiet_from, s.quiet_to)
      IS DISTINCT FROM
      (excluded.mode, excluded.cron, excluded.minimum_seconds, excluded.maximum_seconds, excluded.jitter_seconds,
       excluded.quiet_from, excluded.quiet_to)

-- name: enabled_sources
SELECT source_id FROM tonggao.source WHERE enabled ORDER BY source_id

-- name: defer_late
UPDATE tonggao.schedule s
SET late_slot_at = s.next_due_at,
    next_due_at = now() + make_interval(secs => least(s.pace_seconds, %(spread)s)
                                                * (abs(hashtext(s.source_id)::bigint) %% 1000) / 1000.0)
FROM (
    SELECT source_id FROM tonggao.schedule
    WHERE open_slot_at IS NULL AND late_slot_at IS NULL
      AND next_due_at < now() - make_interval(secs => %(grace)s)
    FOR UPDATE SKIP LOCKED
) late
WHERE s.source_id = late.source_id

-- name: room
SELECT %(backlog)s - count(*) FROM queue.procrastinate_jobs WHERE status = 'todo' AND queue_name = 'visits'

-- name: claim
WITH due AS (
    SELECT s.source_id, s.next_due_at
    FROM tonggao.schedule s
    JOIN tonggao.source USING (source_id)
    WHERE source.enabled AND s.open_slot_at IS NULL AND s.next_due_at <= now()
      AND NOT EXISTS (SELECT FROM tonggao.job_start j
                      WHERE j.task = 'tonggao.visit' AND j.subject = s.source_id
                        AND j.set_aside_at > now() - interval '1 day')
    ORDER BY s.next_due_at
    LIMIT %(room)s
    FOR UPDATE OF s SKIP LOCKED
)
UPDATE tonggao.schedule s
SET open_slot_at = coalesce(s.late_slot_at, s.next_due_at), late_slot_at = NULL
FROM due WHERE s.source_id = due.source_id
RETURNING s.source_id, s.mode, s.cron, s.minimum_seconds, s.maximum_seconds, s.jitter_seconds, s.quiet_from,
          s.quiet_to, s.pace_seconds, s.open_slot_at AS slot_at, now() AS claimed_at

-- name: open_slots
INSERT INTO tonggao.slot (source_id, due_at, coalesced, claimed_by, job_id)
SELECT source_id, due_at, coalesced, %(worker)s, job_id
FROM unnest(%(sources)s::text[], %(slots)s::timestamptz[], %(coalesced)s::integer[], %(jobs)s::bigint[])
     AS claimed (source_id, due_at, coalesced, job_id)

-- name: months_for_slots
SELECT tonggao.ensure_month('slot', month)
FROM (SELECT DISTINCT date_trunc('month', moment, 'UTC') AS month FROM unnest(%(slots)s::timestamptz[]) AS moment) AS months

-- name: hold_job
SELECT 1 FROM queue.procrastinate_jobs
WHERE id = %(job_id)s AND attempts = %(attempts)s AND status = 'doing'
FOR UPDATE

-- name: begin_slot
UPDATE tonggao.slot SET starts = starts + 1, started_at = clock_timestamp()
FROM tonggao.source
WHERE slot.source_id = %(source_id)s AND due_at = %(slot_at)s AND state = 'open' AND source.source_id = slot.source_id
RETURNING starts, source.enabled

-- name: interrupt_runs
UPDATE tonggao.run SET state = 'interrupted', finished_at = clock_timestamp(), error = 'its process ended'
WHERE source_id = %(source_id)s AND slot_at = %(slot_at)s AND state = 'running'

-- name: finished_run
-- A process may die between its visit's last transaction and the closing of the slot.
SELECT run_id, new, copies, error FROM tonggao.run
WHERE source_id = %(source_id)s AND slot_at = %(slot_at)s AND state IN ('done', 'failed')
ORDER BY run_id DESC LIMIT 1

-- name: cut_run
-- A run whose time was over: with articles to show for it it is done, and the next one goes on from there.
UPDATE tonggao.run
SET state = CASE WHEN fetched > 0 THEN 'done' ELSE 'failed' END,
    failure = CASE WHEN fetched = 0 THEN 'host' END,
    error = CASE WHEN fetched = 0 THEN 'its time was over before an article came' END
WHERE run_id = (SELECT max(run_id) FROM tonggao.run WHERE source_id = %(source_id)s AND slot_at = %(slot_at)s)
  AND state = 'interrupted'
RETURNING run_id, new, copies, error, fetched > 0 AS cut_short

-- name: has_had_its_turn
SELECT EXISTS (SELECT FROM tonggao.run WHERE source_id = %(source_id)s AND slot_at = %(slot_at)s AND fetched > 0)
   AND EXISTS (SELECT FROM queue.procrastinate_jobs mine
               JOIN queue.procrastinate_jobs other ON other.lock = mine.lock AND other.id <> mine.id
               WHERE mine.id = %(job_id)s AND other.status = 'todo' AND other.queue_name = 'visits')

-- name: forgo
-- A due time that was not served: the pace stays as it is.
UPDATE tonggao.schedule
SET open_slot_at = NULL, late_slot_at = NULL, next_due_at = now() + make_interval(secs => pace_seconds)
WHERE source_id = %(source_id)s AND open_slot_at = %(slot_at)s

-- name: close_slot
UPDATE tonggao.slot
SET state = %(state)s, finished_at = clock_timestamp(), run_id = %(run_id)s, error = %(error)s
WHERE source_id = %(source_id)s AND due_at = %(slot_at)s AND state = 'open'
RETURNING starts

-- name: schedule_of
SELECT source_id, mode, cron, minimum_seconds, maximum_seconds, jitter_seconds, quiet_from, quiet_to, pace_seconds,
       habit_news, habit_hours, polled_at, clock_timestamp() AS asked_at
FROM tonggao.schedule WHERE source_id = %(source_id)s FOR UPDATE

-- name: reschedule
UPDATE tonggao.schedule
SET open_slot_at = NULL, late_slot_at = NULL, next_due_at = %(next_due_at)s, pace_seconds = %(pace)s,
    habit_news = %(habit_news)s::real[], habit_hours = %(habit_hours)s::real[], polled_at = %(polled_at)s
WHERE source_id = %(source_id)s AND open_slot_at = %(slot_at)s

-- name: lost_slots
SELECT slot.source_id, slot.due_at AS slot_at, slot.job_id
FROM tonggao.slot
LEFT JOIN queue.procrastinate_jobs job ON job.id = slot.job_id AND job.status IN ('todo', 'doing')
WHERE slot.state = 'open' AND job.id IS NULL AND slot.claimed_at < now() - interval '5 seconds'
FOR UPDATE OF slot SKIP LOCKED

-- name: adopt_slot
UPDATE tonggao.slot SET job_id = %(job_id)s WHERE source_id = %(source_id)s AND due_at = %(slot_at)s

-- name: free_orphans
UPDATE tonggao.schedule s
SET open_slot_at = NULL
WHERE s.open_slot_at < now() - interval '5 seconds'
  AND NOT EXISTS (SELECT FROM tonggao.slot
                  WHERE slot.source_id = s.source_id AND slot.due_at = s.open_slot_at AND slot.state = 'open')
