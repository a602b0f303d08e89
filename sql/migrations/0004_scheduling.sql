-- When each source is due, what became of each due run, backfills, and how the sources fare.
--
-- Two tables grow with time and are read by time: slot and poll. They are partitioned by month (UTC),
-- so that what is too old goes with its partition instead of row by row.

CREATE FUNCTION tonggao.ensure_month(parent text, moment timestamptz) RETURNS text
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
END
$$;
COMMENT ON FUNCTION tonggao.ensure_month(text, timestamptz) IS
    'Makes the month (UTC) of a table that the moment falls into, where it is missing; returns its name.';

CREATE FUNCTION tonggao.drop_months(parent text, before timestamptz) RETURNS SETOF text
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    child text;
    ending timestamptz;
BEGIN
    FOR child IN
        SELECT c.relname FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        JOIN pg_class p ON p.oid = i.inhparent AND p.relname = parent
        JOIN pg_namespace n ON n.oid = p.relnamespace AND n.nspname = 'tonggao'
        WHERE c.relname ~ (parent || '_[0-9]{4}m[0-9]{2}$')
        ORDER BY c.relname
    LOOP
        ending := to_timestamp(right(child, 7), 'YYYY"m"MM') + interval '1 month';
        IF ending <= before THEN
            EXECUTE format('DROP TABLE tonggao.%I', child);
            RETURN NEXT child;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION tonggao.drop_months(text, timestamptz) IS
    'Drops the months of a table that lie wholly before the moment; returns their names.';

CREATE TABLE tonggao.schedule (
    source_id       text PRIMARY KEY REFERENCES tonggao.source ON DELETE CASCADE,
    mode            text NOT NULL CHECK (mode IN ('adaptive', 'interval', 'cron')),
    cron            text,
    minimum_seconds real NOT NULL CHECK (minimum_seconds > 0),
    maximum_seconds real NOT NULL CHECK (maximum_seconds >= minimum_seconds),
    jitter_seconds  real NOT NULL DEFAULT 0 CHECK (jitter_seconds >= 0),
    quiet_from      time,
    quiet_to        time,
    pace_seconds    real NOT NULL CHECK (pace_seconds > 0),
    next_due_at     timestamptz NOT NULL,
    late_slot_at    timestamptz,
    open_slot_at    timestamptz,
    habit_news      real[] NOT NULL DEFAULT array_fill(0::real, ARRAY[48]),
    habit_hours     real[] NOT NULL DEFAULT array_fill(0::real, ARRAY[48]),
    polled_at       timestamptz,
    CHECK ((mode = 'cron') = (cron IS NOT NULL)),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
    CHECK (cardinality(habit_news) = 48 AND cardinality(habit_hours) = 48)
) WITH (fillfactor = 60);
CREATE INDEX schedule_due ON tonggao.schedule (next_due_at) WHERE open_slot_at IS NULL;
CREATE INDEX schedule_open ON tonggao.schedule (open_slot_at) WHERE open_slot_at IS NOT NULL;
COMMENT ON TABLE tonggao.schedule IS 'When each watched source is due. All daemons claim from it; all its times are the database server''s.';
COMMENT ON COLUMN tonggao.schedule.source_id IS 'The source.';
COMMENT ON COLUMN tonggao.schedule.mode IS 'adaptive (from the source''s own history), interval (fixed), cron.';
COMMENT ON COLUMN tonggao.schedule.cron IS 'Five fields of crontab, in Asia/Shanghai, where the mode is cron.';
COMMENT ON COLUMN tonggao.schedule.minimum_seconds IS 'Shortest time between two visits; for mode interval, the interval.';
COMMENT ON COLUMN tonggao.schedule.maximum_seconds IS 'Longest time between two visits that the source''s quietness may lead to.';
COMMENT ON COLUMN tonggao.schedule.jitter_seconds IS 'At most this much is added to each due time, at random.';
COMMENT ON COLUMN tonggao.schedule.quiet_from IS 'From this time of day (Asia/Shanghai) the source is left alone.';
COMMENT ON COLUMN tonggao.schedule.quiet_to IS 'Until this time of day.';
COMMENT ON COLUMN tonggao.schedule.pace_seconds IS 'Present time between two visits.';
COMMENT ON COLUMN tonggao.schedule.next_due_at IS 'When the next visit is due.';
COMMENT ON COLUMN tonggao.schedule.late_slot_at IS 'The due time that was missed (downtime, overload), while the one visit that makes up for it waits for its turn.';
COMMENT ON COLUMN tonggao.schedule.open_slot_at IS 'The due time whose visit is queued or under way; while there is one, no other is claimed.';
COMMENT ON COLUMN tonggao.schedule.habit_news IS 'Visits that brought something, fading over 30 days, by hour of workdays (1 to 24) and of days off (25 to 48).';
COMMENT ON COLUMN tonggao.schedule.habit_hours IS 'Hours watched, fading in the same way, in the same order.';
COMMENT ON COLUMN tonggao.schedule.polled_at IS 'When the last visit ended.';

CREATE TABLE tonggao.slot (
    source_id   text NOT NULL,
    due_at      timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
    coalesced   integer NOT NULL DEFAULT 0,
    claimed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_by  text NOT NULL,
    job_id      bigint,
    starts      integer NOT NULL DEFAULT 0,
    started_at  timestamptz,
    finished_at timestamptz,
    run_id      bigint,
    error       text,
    PRIMARY KEY (source_id, due_at),
    CHECK ((state = 'open') = (finished_at IS NULL))
) PARTITION BY RANGE (due_at);
CREATE INDEX slot_open ON tonggao.slot (claimed_at) WHERE state = 'open';
COMMENT ON TABLE tonggao.slot IS 'Each due run that was claimed. The primary key is what makes it happen once.';
COMMENT ON COLUMN tonggao.slot.source_id IS 'The source that was due.';
COMMENT ON COLUMN tonggao.slot.due_at IS 'When it was due.';
COMMENT ON COLUMN tonggao.slot.state IS 'open (queued or under way), done, failed.';
COMMENT ON COLUMN tonggao.slot.coalesced IS 'Later due times that passed unserved and that this run stands for too.';
COMMENT ON COLUMN tonggao.slot.claimed_at IS 'When a daemon claimed it.';
COMMENT ON COLUMN tonggao.slot.claimed_by IS 'Host name and process number of that daemon.';
COMMENT ON COLUMN tonggao.slot.job_id IS 'The job in the queue.';
COMMENT ON COLUMN tonggao.slot.starts IS 'How often its visit was begun: more than once where a process died.';
COMMENT ON COLUMN tonggao.slot.started_at IS 'When its visit was last begun.';
COMMENT ON COLUMN tonggao.slot.finished_at IS 'When its visit ended.';
COMMENT ON COLUMN tonggao.slot.run_id IS 'The run that served it.';
COMMENT ON COLUMN tonggao.slot.error IS 'Why it failed.';

CREATE TABLE tonggao.poll (
    source_id    text NOT NULL,
    at           timestamptz NOT NULL,
    run_id       bigint NOT NULL,
    list_outcome text NOT NULL,
    listed       integer NOT NULL DEFAULT 0,
    fresh        integer NOT NULL DEFAULT 0,
    news         integer NOT NULL DEFAULT 0,
    copies       integer NOT NULL DEFAULT 0,
    failed       integer NOT NULL DEFAULT 0,
    reasons      jsonb NOT NULL DEFAULT '{}',
    articles     integer NOT NULL DEFAULT 0,
    fields       jsonb NOT NULL DEFAULT '{}',
    characters   integer,
    undated      integer NOT NULL DEFAULT 0,
    misread      integer NOT NULL DEFAULT 0,
    future       integer NOT NULL DEFAULT 0,
    landed_alike integer NOT NULL DEFAULT 0,
    sample_url   text,
    PRIMARY KEY (source_id, at)
) PARTITION BY RANGE (at);
CREATE INDEX poll_with_articles ON tonggao.poll (source_id, at DESC) WHERE articles > 0;
COMMENT ON TABLE tonggao.poll IS 'What each visit saw, in figures that can be compared with the visits before it.';
COMMENT ON COLUMN tonggao.poll.source_id IS 'The source.';
COMMENT ON COLUMN tonggao.poll.at IS 'When the visit ended.';
COMMENT ON COLUMN tonggao.poll.run_id IS 'The run.';
COMMENT ON COLUMN tonggao.poll.list_outcome IS 'What became of the list page: an outcome of fetching, or empty_listing, or unreadable.';
COMMENT ON COLUMN tonggao.poll.listed IS 'Links read from the list.';
COMMENT ON COLUMN tonggao.poll.fresh IS 'Article pages that were asked for and came.';
COMMENT ON COLUMN tonggao.poll.news IS 'Publications that were new.';
COMMENT ON COLUMN tonggao.poll.copies IS 'Publications that told a known text.';
COMMENT ON COLUMN tonggao.poll.failed IS 'Articles that could not be archived.';
COMMENT ON COLUMN tonggao.poll.reasons IS 'Outcome or verdict to the number of articles that failed by it.';
COMMENT ON COLUMN tonggao.poll.articles IS 'Articles read and archived in this visit.';
COMMENT ON COLUMN tonggao.poll.fields IS 'Field to the number of these articles that state it.';
COMMENT ON COLUMN tonggao.poll.characters IS 'Median length of their text.';
COMMENT ON COLUMN tonggao.poll.undated IS 'Articles without a publication time.';
COMMENT ON COLUMN tonggao.poll.misread IS 'Articles whose text holds replacement characters: the character set was misjudged.';
COMMENT ON COLUMN tonggao.poll.future IS 'Articles dated after their own fetch.';
COMMENT ON COLUMN tonggao.poll.landed_alike IS 'Requests for different pages that ended on one and the same address.';
COMMENT ON COLUMN tonggao.poll.sample_url IS 'A page that went wrong, or else one that was archived.';

CREATE TABLE tonggao.health (
    source_id   text PRIMARY KEY REFERENCES tonggao.source ON DELETE CASCADE,
    state       text NOT NULL DEFAULT 'ok' CHECK (state IN ('ok', 'late', 'degraded', 'failing')),
    cause       text,
    since       timestamptz NOT NULL DEFAULT now(),
    leaning     text NOT NULL DEFAULT 'ok',
    leaning_for integer NOT NULL DEFAULT 0,
    last_good_at timestamptz,
    last_news_at timestamptz,
    checked_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE tonggao.health IS 'How each source fares, with the inertia that keeps alarms from flickering.';
COMMENT ON COLUMN tonggao.health.source_id IS 'The source.';
COMMENT ON COLUMN tonggao.health.state IS 'ok; late (silent for longer than its habit); degraded (something is lost); failing (nothing comes).';
COMMENT ON COLUMN tonggao.health.cause IS 'Name of what is wrong; null while it is ok.';
COMMENT ON COLUMN tonggao.health.since IS 'Since when it has been in this state.';
COMMENT ON COLUMN tonggao.health.leaning IS 'The state that the last visits point to.';
COMMENT ON COLUMN tonggao.health.leaning_for IS 'How many visits in a row have pointed there.';
COMMENT ON COLUMN tonggao.health.last_good_at IS 'When a visit last went well.';
COMMENT ON COLUMN tonggao.health.last_news_at IS 'When it last brought something new.';
COMMENT ON COLUMN tonggao.health.checked_at IS 'When it was last judged.';

CREATE TABLE tonggao.event (
    event_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    source_id   text,
    kind        text NOT NULL,
    old_state   text,
    new_state   text,
    cause       text,
    sentence    text NOT NULL,
    evidence    jsonb NOT NULL DEFAULT '{}',
    notified_at timestamptz
);
CREATE INDEX event_by_source ON tonggao.event (source_id, at DESC);
CREATE INDEX event_untold ON tonggao.event (at) WHERE notified_at IS NULL;
COMMENT ON TABLE tonggao.event IS 'What the operator should know, each thing once.';
COMMENT ON COLUMN tonggao.event.event_id IS 'Number of the event.';
COMMENT ON COLUMN tonggao.event.at IS 'When it was recorded.';
COMMENT ON COLUMN tonggao.event.source_id IS 'The source it is about; null where it is about the installation.';
COMMENT ON COLUMN tonggao.event.kind IS 'health (a state changed), backfill, digest, recovery.';
COMMENT ON COLUMN tonggao.event.old_state IS 'The state before.';
COMMENT ON COLUMN tonggao.event.new_state IS 'The state after.';
COMMENT ON COLUMN tonggao.event.cause IS 'Name of what is wrong.';
COMMENT ON COLUMN tonggao.event.sentence IS 'What happened and what to do.';
COMMENT ON COLUMN tonggao.event.evidence IS 'The figures and addresses behind it.';
COMMENT ON COLUMN tonggao.event.notified_at IS 'When it was sent to the operator, or found not to need sending.';

CREATE TABLE tonggao.backfill (
    backfill_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   text NOT NULL REFERENCES tonggao.source,
    kind        text NOT NULL CHECK (kind IN ('lists', 'urls', 'warc')),
    from_date   date,
    to_date     date,
    state       text NOT NULL DEFAULT 'running'
                CHECK (state IN ('running', 'paused', 'done', 'cancelled', 'failed')),
    cursor      jsonb,
    walked      boolean NOT NULL DEFAULT false,
    pages       integer NOT NULL DEFAULT 0,
    oldest_date date,
    job_id      bigint,
    starts      integer NOT NULL DEFAULT 0,
    run_id      bigint,
    file        text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  text NOT NULL,
    stepped_at  timestamptz,
    finished_at timestamptz,
    remark      text
);
CREATE INDEX backfill_open ON tonggao.backfill (backfill_id) WHERE state = 'running';
COMMENT ON TABLE tonggao.backfill IS 'A walk through the past of one source; it survives the process that works on it.';
COMMENT ON COLUMN tonggao.backfill.backfill_id IS 'Number of the backfill.';
COMMENT ON COLUMN tonggao.backfill.source_id IS 'The source.';
COMMENT ON COLUMN tonggao.backfill.kind IS 'lists (walk the list pages backwards), urls (addresses of a file), warc (answers of a file).';
COMMENT ON COLUMN tonggao.backfill.from_date IS 'Earliest day wanted; null for no bound.';
COMMENT ON COLUMN tonggao.backfill.to_date IS 'Latest day wanted; null for no bound.';
COMMENT ON COLUMN tonggao.backfill.state IS 'running, paused, done, cancelled, failed.';
COMMENT ON COLUMN tonggao.backfill.cursor IS 'Where the walk goes on: the list page after the last one that was read.';
COMMENT ON COLUMN tonggao.backfill.walked IS 'Whether all list pages that matter have been read.';
COMMENT ON COLUMN tonggao.backfill.pages IS 'List pages read.';
COMMENT ON COLUMN tonggao.backfill.oldest_date IS 'Earliest day that a list page has stated so far.';
COMMENT ON COLUMN tonggao.backfill.job_id IS 'The job that does the next step.';
COMMENT ON COLUMN tonggao.backfill.starts IS 'How often the present step was begun: more than once where a process died.';
COMMENT ON COLUMN tonggao.backfill.run_id IS 'The run that its attempts are counted under.';
COMMENT ON COLUMN tonggao.backfill.file IS 'The file of addresses or answers, where there is one.';
COMMENT ON COLUMN tonggao.backfill.created_at IS 'When it was asked for.';
COMMENT ON COLUMN tonggao.backfill.created_by IS 'Host name and process number of the command.';
COMMENT ON COLUMN tonggao.backfill.stepped_at IS 'When it last made a step.';
COMMENT ON COLUMN tonggao.backfill.finished_at IS 'When it ended.';
COMMENT ON COLUMN tonggao.backfill.remark IS 'Why it ended as it did.';

CREATE TABLE tonggao.backfill_item (
    backfill_id bigint NOT NULL REFERENCES tonggao.backfill ON DELETE CASCADE,
    item_id     bigint GENERATED ALWAYS AS IDENTITY,
    url         text NOT NULL,
    url_digest  bytea NOT NULL CHECK (octet_length(url_digest) = 32),
    title       text,
    listed_on   date,
    outcome     text,
    detail      text,
    done_at     timestamptz,
    PRIMARY KEY (backfill_id, url_digest)
);
CREATE INDEX backfill_item_open ON tonggao.backfill_item (backfill_id, item_id) WHERE outcome IS NULL;
COMMENT ON TABLE tonggao.backfill_item IS 'The articles that a backfill found on list pages or was given, and what became of each.';
COMMENT ON COLUMN tonggao.backfill_item.backfill_id IS 'The backfill.';
COMMENT ON COLUMN tonggao.backfill_item.item_id IS 'Order in which they were found.';
COMMENT ON COLUMN tonggao.backfill_item.url IS 'Normal form of the address.';
COMMENT ON COLUMN tonggao.backfill_item.url_digest IS 'SHA-256 of url, for the key.';
COMMENT ON COLUMN tonggao.backfill_item.title IS 'The headline as the list shows it.';
COMMENT ON COLUMN tonggao.backfill_item.listed_on IS 'The day as the list shows it.';
COMMENT ON COLUMN tonggao.backfill_item.outcome IS 'new, copy, revision, unchanged, or why it could not be archived; null until it was tried.';
COMMENT ON COLUMN tonggao.backfill_item.detail IS 'A sentence for the operator.';
COMMENT ON COLUMN tonggao.backfill_item.done_at IS 'When it was tried.';

CREATE TABLE tonggao.process (
    process_id  uuid PRIMARY KEY,
    worker      text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('daemon', 'worker', 'backfill')),
    version     text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    queue_worker bigint,
    memory      bigint
);
COMMENT ON TABLE tonggao.process IS 'Processes that work on this archive; those not seen for long are taken off.';
COMMENT ON COLUMN tonggao.process.process_id IS 'Drawn at the start of the process.';
COMMENT ON COLUMN tonggao.process.worker IS 'Host name and process number.';
COMMENT ON COLUMN tonggao.process.kind IS 'daemon, worker, backfill.';
COMMENT ON COLUMN tonggao.process.version IS 'Version of tonggao.';
COMMENT ON COLUMN tonggao.process.started_at IS 'When it began.';
COMMENT ON COLUMN tonggao.process.seen_at IS 'When it last said that it is alive.';
COMMENT ON COLUMN tonggao.process.queue_worker IS 'Its number in the queue''s table of workers.';
COMMENT ON COLUMN tonggao.process.memory IS 'Resident memory in bytes when last seen.';
