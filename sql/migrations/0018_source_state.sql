-- How a source fares, said once: status, doctor, views, metrics, the message of the day and the web read it here.
--
-- Until now each asked another table: a failed visit by hand, a visit that nobody made and a job that was set aside
-- were seen by one of them and not by the next.

ALTER TABLE tonggao.health
    ADD COLUMN seen_state text NOT NULL DEFAULT 'ok' CHECK (seen_state IN ('ok', 'late', 'degraded', 'failing')),
    ADD COLUMN seen_cause text;
UPDATE tonggao.health SET seen_state = state, seen_cause = cause;
COMMENT ON COLUMN tonggao.health.seen_state IS 'What the last look at the source shows by itself; state waits until more than one visit agrees, since it is what alarms are sent for.';
COMMENT ON COLUMN tonggao.health.seen_cause IS 'What is wrong by the last look; null where nothing is.';

CREATE FUNCTION tonggao.gravity(state text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_position(ARRAY['ok', 'late', 'degraded', 'failing'], state)
$$;
COMMENT ON FUNCTION tonggao.gravity(text) IS 'How bad a state is, from 1 (ok) to 4 (failing).';

CREATE VIEW tonggao.source_state AS
SELECT s.source_id, s.enabled, worst.state, worst.cause, worst.since,
       coalesce(h.state, 'ok') AS alarmed_state,
       overdue.since AS overdue_since, last_run.started_at AS last_visit_at, last_run.state AS last_visit_state,
       last_run.kind AS last_visit_kind, last_run.error AS last_error, h.last_news_at, h.last_good_at,
       aside.reason AS set_aside_for
FROM tonggao.source s
LEFT JOIN tonggao.health h USING (source_id)
LEFT JOIN tonggao.schedule c USING (source_id)
LEFT JOIN tonggao.job_start aside
       ON aside.task = 'tonggao.visit' AND aside.subject = s.source_id AND aside.set_aside_at IS NOT NULL
LEFT JOIN LATERAL (SELECT r.started_at, r.finished_at, r.state, r.kind, r.error, r.failure FROM tonggao.run r
                   WHERE r.source_id = s.source_id AND r.kind IN ('scheduled', 'manual', 'backfill')
                     AND r.state IN ('done', 'failed')
                   ORDER BY r.started_at DESC LIMIT 1) last_run ON true
LEFT JOIN LATERAL (SELECT max(r.heartbeat_at) AS alive_at FROM tonggao.run r
                   WHERE r.source_id = s.source_id AND r.state = 'running'
                     AND r.heartbeat_at > now() - interval '10 minutes') busy ON true
LEFT JOIN LATERAL (
    SELECT due.at AS since
    FROM (SELECT greatest(coalesce(c.open_slot_at, c.next_due_at),
                          last_run.started_at + make_interval(secs => c.pace_seconds)) AS at) due
    WHERE s.enabled AND busy.alive_at IS NULL
      AND due.at < now() - make_interval(secs => greatest(900, c.pace_seconds / 4))
) overdue ON true
CROSS JOIN LATERAL (
    SELECT found.state, found.cause, found.since
    FROM (VALUES
        (1, CASE WHEN aside.reason IS NOT NULL THEN 'failing' END, 'set_aside', aside.set_aside_at),
        (2, CASE WHEN last_run.state = 'failed' THEN 'failing' END,
            coalesce(CASE WHEN h.seen_state <> 'ok' THEN h.seen_cause END, 'visit_failed'), last_run.finished_at),
        (3, h.seen_state, h.seen_cause, h.checked_at),
        (4, h.state, h.cause, h.since),
        (5, CASE WHEN overdue.since IS NOT NULL THEN 'late' END, 'overdue', overdue.since),
        (6, 'ok', NULL, coalesce(h.since, s.enabled_at))
    ) AS found (rank, state, cause, since)
    WHERE found.state IS NOT NULL
    ORDER BY tonggao.gravity(found.state) DESC, found.rank LIMIT 1
) worst;
COMMENT ON VIEW tonggao.source_state IS 'How each source fares at present: the one place that status, doctor, metrics and views read.';
COMMENT ON COLUMN tonggao.source_state.source_id IS 'The source.';
COMMENT ON COLUMN tonggao.source_state.enabled IS 'Whether daemons watch it.';
COMMENT ON COLUMN tonggao.source_state.state IS 'ok, late, degraded or failing: the worst of what its last visit (scheduled, by hand or of a backfill), its articles, its silence, an overdue visit and a job set aside show.';
COMMENT ON COLUMN tonggao.source_state.cause IS 'What is wrong; null while it is ok.';
COMMENT ON COLUMN tonggao.source_state.since IS 'Since when.';
COMMENT ON COLUMN tonggao.source_state.alarmed_state IS 'The state that was told last: it changes when more than one visit agrees.';
COMMENT ON COLUMN tonggao.source_state.overdue_since IS 'When the visit was due that nobody has made; null where none is overdue.';
COMMENT ON COLUMN tonggao.source_state.last_visit_at IS 'When the last visit that ended began.';
COMMENT ON COLUMN tonggao.source_state.last_visit_state IS 'done or failed.';
COMMENT ON COLUMN tonggao.source_state.last_visit_kind IS 'scheduled, manual or backfill.';
COMMENT ON COLUMN tonggao.source_state.last_error IS 'Why that visit failed; null where it did not.';
COMMENT ON COLUMN tonggao.source_state.last_news_at IS 'When it last brought something new.';
COMMENT ON COLUMN tonggao.source_state.last_good_at IS 'When a visit last went well.';
COMMENT ON COLUMN tonggao.source_state.set_aside_for IS 'Why its visits are set aside; null where they are not.';

CREATE OR REPLACE VIEW archive.sources_health AS
SELECT s.source_id, s.publisher, s.region, s.enabled, last_run.started_at AS last_run_at, last_run.state AS last_state,
       last_good.started_at AS last_good_run_at, newest.dated_at AS newest_dated_at,
       extract(epoch FROM now() - newest.first_seen_at) / 86400 AS days_since_new,
       coalesce(month.runs, 0) AS runs_30d, coalesce(month.fetched, 0) AS fetched_30d,
       coalesce(month.failed, 0) AS failed_30d,
       month.failed::double precision / nullif(month.fetched + month.failed, 0) AS failure_rate_30d,
       last_run.error AS last_error,
       coalesce(month.visits, 0) AS visits_30d, coalesce(month.visits_failed, 0) AS visits_failed_30d,
       CASE WHEN s.enabled OR last_run.state IS NOT NULL THEN now_.state END AS state
FROM tonggao.source s
JOIN tonggao.source_state now_ USING (source_id)
LEFT JOIN LATERAL (SELECT r.* FROM tonggao.run r WHERE r.source_id = s.source_id
                   ORDER BY r.started_at DESC LIMIT 1) last_run ON true
LEFT JOIN LATERAL (SELECT r.* FROM tonggao.run r WHERE r.source_id = s.source_id AND r.state = 'done'
                   ORDER BY r.started_at DESC LIMIT 1) last_good ON true
LEFT JOIN LATERAL (SELECT p.* FROM tonggao.publication p WHERE p.source_id = s.source_id
                   ORDER BY p.dated_at DESC LIMIT 1) newest ON true
LEFT JOIN LATERAL (SELECT count(*) AS runs, sum(r.fetched) AS fetched, sum(r.failed) AS failed,
                          count(*) FILTER (WHERE r.kind IN ('scheduled', 'manual', 'backfill')
                                             AND r.state IN ('done', 'failed')) AS visits,
                          count(*) FILTER (WHERE r.kind IN ('scheduled', 'manual', 'backfill')
                                             AND r.state = 'failed') AS visits_failed
                   FROM tonggao.run r
                   WHERE r.source_id = s.source_id AND r.started_at > now() - interval '30 days') month ON true;
COMMENT ON COLUMN archive.sources_health.visits_30d IS 'Visits of the last 30 days that ended: scheduled, by hand, of backfills.';
COMMENT ON COLUMN archive.sources_health.visits_failed_30d IS 'Those of them that failed as a whole: the list did not come, or could not be used.';
COMMENT ON COLUMN archive.sources_health.state IS 'ok, late, degraded or failing at present, as `tonggao status` and `tonggao doctor` say it; null for a source that was never watched nor visited.';
