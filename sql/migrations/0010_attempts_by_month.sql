-- Attempts by month: the table that grows fastest is let go a month at a time instead of row by row.
--
-- Rows of a month that nobody made in time go into the partition attempt_rest, so that no attempt is
-- ever refused; they are deleted row by row.

ALTER TABLE tonggao.attempt RENAME TO attempt_before;
ALTER TABLE tonggao.attempt_before RENAME CONSTRAINT attempt_pkey TO attempt_before_pkey;
ALTER INDEX tonggao.attempt_by_source RENAME TO attempt_before_by_source;
ALTER INDEX tonggao.attempt_by_number RENAME TO attempt_before_by_number;
CREATE SEQUENCE tonggao.attempt_number AS bigint;

CREATE TABLE tonggao.attempt (
    attempt_id    bigint NOT NULL DEFAULT nextval('tonggao.attempt_number'),
    started_at    timestamptz NOT NULL,
    source_id     text,
    run_id        bigint,
    purpose       text NOT NULL CHECK (purpose IN ('listing', 'article', 'image', 'attachment', 'robots')),
    url           text NOT NULL,
    final_url     text,
    outcome       text NOT NULL CHECK (outcome IN (
        'ok', 'not_modified', 'gone', 'blocked_robots', 'refused_unsafe', 'off_list', 'bad_redirect', 'wall',
        'rate_limited', 'client_error', 'server_error', 'dns', 'connect', 'tls', 'timeout', 'protocol', 'too_large',
        'wrong_type', 'empty', 'charset', 'parse_error', 'busy')),
    status        smallint,
    wall          text,
    bytes         bigint NOT NULL DEFAULT 0,
    milliseconds  integer NOT NULL DEFAULT 0,
    redirects     smallint NOT NULL DEFAULT 0,
    decision      text NOT NULL CHECK (decision IN ('none', 'again', 'later', 'confirm', 'withdrawn')),
    retry_at      timestamptz,
    detail        text NOT NULL DEFAULT '',
    robots_ignored boolean NOT NULL DEFAULT false,
    PRIMARY KEY (started_at, attempt_id)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE tonggao.attempt IS 'Each attempt to bring a URL; kept for a settable time, a month (UTC) to a partition.';
COMMENT ON COLUMN tonggao.attempt.attempt_id IS 'Number, rising.';
COMMENT ON COLUMN tonggao.attempt.started_at IS 'When the attempt began.';
COMMENT ON COLUMN tonggao.attempt.source_id IS 'The source it was made for.';
COMMENT ON COLUMN tonggao.attempt.run_id IS 'The run it belongs to.';
COMMENT ON COLUMN tonggao.attempt.purpose IS 'listing, article, image, attachment or robots.';
COMMENT ON COLUMN tonggao.attempt.url IS 'The address asked for.';
COMMENT ON COLUMN tonggao.attempt.final_url IS 'The address that answered, where redirects led elsewhere.';
COMMENT ON COLUMN tonggao.attempt.outcome IS 'How it ended; a closed vocabulary.';
COMMENT ON COLUMN tonggao.attempt.status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN tonggao.attempt.wall IS 'Name of the wall, where the outcome is wall.';
COMMENT ON COLUMN tonggao.attempt.bytes IS 'Bytes of content as sent over the wire.';
COMMENT ON COLUMN tonggao.attempt.milliseconds IS 'From the first slot to the last byte, without waiting for slots.';
COMMENT ON COLUMN tonggao.attempt.redirects IS 'Redirects followed.';
COMMENT ON COLUMN tonggao.attempt.decision IS 'What is to be done about the URL: none, again (at once), later, confirm (gone, not yet believed), withdrawn.';
COMMENT ON COLUMN tonggao.attempt.retry_at IS 'When the URL is due again.';
COMMENT ON COLUMN tonggao.attempt.detail IS 'A sentence for the operator.';
COMMENT ON COLUMN tonggao.attempt.robots_ignored IS 'Whether the source is set to disregard robots.txt.';
CREATE INDEX attempt_by_source ON tonggao.attempt (source_id, started_at DESC);
CREATE INDEX attempt_by_number ON tonggao.attempt (attempt_id);

ALTER SEQUENCE tonggao.attempt_number OWNED BY tonggao.attempt.attempt_id;
CREATE TABLE tonggao.attempt_rest PARTITION OF tonggao.attempt DEFAULT;

CREATE OR REPLACE FUNCTION tonggao.ensure_month(parent text, moment timestamptz) RETURNS text
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    starts timestamptz := date_trunc('month', moment);
    child text := parent || to_char(starts, '_YYYY"m"MM');
BEGIN
    IF to_regclass(format('tonggao.%I', child)) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('tonggao.ensure_month'), hashtext(child));
        -- IF NOT EXISTS, for what another session made meanwhile may not be visible to to_regclass yet.
        EXECUTE format('CREATE TABLE IF NOT EXISTS tonggao.%I PARTITION OF tonggao.%I FOR VALUES FROM (%L) TO (%L)',
                       child, parent, starts, starts + interval '1 month');
    END IF;
    RETURN child;
EXCEPTION
    WHEN check_violation THEN  -- rows of this month lie in the table's rest: they stay there
        RETURN parent || '_rest';
END
$$;

SELECT tonggao.ensure_month('attempt', now() + ahead * interval '1 month') FROM generate_series(-4, 2) AS ahead;
INSERT INTO tonggao.attempt (attempt_id, started_at, source_id, run_id, purpose, url, final_url, outcome, status, wall, bytes, milliseconds, redirects, decision, retry_at, detail, robots_ignored)
SELECT attempt_id, started_at, source_id, run_id, purpose, url, final_url, outcome, status, wall, bytes, milliseconds, redirects, decision, retry_at, detail, robots_ignored
FROM tonggao.attempt_before;
SELECT setval('tonggao.attempt_number', max(attempt_id)) FROM tonggao.attempt_before HAVING count(*) > 0;
DROP TABLE tonggao.attempt_before;
