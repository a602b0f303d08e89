-- Watches: a stored search that tells somebody what happened to releases. Without one nothing is evaluated or sent.
--
-- Evaluation follows the positions of changes (0016), which are given in the order of commits: whoever has seen a
-- position has been able to see all before it. Matches are written in the transaction that moves the place on.

CREATE TABLE tonggao.watch (
    watch_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    query         text NOT NULL,
    exact         boolean NOT NULL DEFAULT false,
    region        text,
    source_id     text,
    kind          text,
    events        text[] NOT NULL CHECK (events <@ ARRAY['new', 'edit', 'withdrawn', 'restored', 'carried']
                                         AND cardinality(events) > 0),
    carried       integer CHECK (carried BETWEEN 2 AND 1000),
    days          integer NOT NULL CHECK (days BETWEEN 1 AND 36500),
    every         text NOT NULL CHECK (every IN ('now', 'hour', 'day', 'week')),
    daily         integer NOT NULL CHECK (daily BETWEEN 1 AND 1000),
    starts_after  bigint NOT NULL,
    starts_at     timestamptz NOT NULL DEFAULT now(),
    feed          text NOT NULL UNIQUE,
    target_shown  text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    paused_at     timestamptz,
    paused_for    text,
    failures      integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    fault         text,
    fault_detail  text,
    CHECK (('carried' = ANY (events)) = (carried IS NOT NULL))
);
COMMENT ON TABLE tonggao.watch IS 'Stored searches whose matches are told to somebody.';
COMMENT ON COLUMN tonggao.watch.watch_id IS 'Number of the watch.';
COMMENT ON COLUMN tonggao.watch.query IS 'Words, as archive.search takes them.';
COMMENT ON COLUMN tonggao.watch.exact IS 'Only as typed, as in archive.search.';
COMMENT ON COLUMN tonggao.watch.region IS 'Only this region with all below it; null: all.';
COMMENT ON COLUMN tonggao.watch.source_id IS 'Only this source; null: all.';
COMMENT ON COLUMN tonggao.watch.kind IS 'Only publishers of this kind; null: all.';
COMMENT ON COLUMN tonggao.watch.events IS 'What is told: new, edit, withdrawn, restored, carried.';
COMMENT ON COLUMN tonggao.watch.carried IS 'From how many sources on a release is told as carried; null: it is not.';
COMMENT ON COLUMN tonggao.watch.days IS 'A release is told as new when it is dated at most so many days before it was archived.';
COMMENT ON COLUMN tonggao.watch.every IS 'How matches are gathered: each at once (now), or by hour, day or week.';
COMMENT ON COLUMN tonggao.watch.daily IS 'Most messages a day (Asia/Shanghai); what is over comes in one digest the next morning.';
COMMENT ON COLUMN tonggao.watch.starts_after IS 'Changes after this position are looked at.';
COMMENT ON COLUMN tonggao.watch.starts_at IS 'Files are looked at of releases that were archived from then on.';
COMMENT ON COLUMN tonggao.watch.feed IS 'The part of the address of its feed that cannot be guessed.';
COMMENT ON COLUMN tonggao.watch.target_shown IS 'Where messages go, without what is secret in it; null: nowhere, there is the feed.';
COMMENT ON COLUMN tonggao.watch.created_at IS 'When it was made.';
COMMENT ON COLUMN tonggao.watch.paused_at IS 'Since when nothing is evaluated or sent; null: it works.';
COMMENT ON COLUMN tonggao.watch.paused_for IS 'Why it rests: asked (by its owner), or the fault of its target.';
COMMENT ON COLUMN tonggao.watch.failures IS 'Attempts in a row that its target did not take.';
COMMENT ON COLUMN tonggao.watch.failing_since IS 'When the first of them was.';
COMMENT ON COLUMN tonggao.watch.fault IS 'What is wrong with its target (docs/watches.md); null: nothing.';
COMMENT ON COLUMN tonggao.watch.fault_detail IS 'What the target answered, shortened.';

CREATE TABLE tonggao.watch_target (
    watch_id bigint PRIMARY KEY REFERENCES tonggao.watch ON DELETE CASCADE,
    address  text NOT NULL,
    secret   text
);
COMMENT ON TABLE tonggao.watch_target IS 'Where messages of watches go, with what is secret; no reading role sees it.';
COMMENT ON COLUMN tonggao.watch_target.watch_id IS 'The watch.';
COMMENT ON COLUMN tonggao.watch_target.address IS 'Address of a webhook, or one in apprise''s notation.';
COMMENT ON COLUMN tonggao.watch_target.secret IS 'Key of a webhook''s signatures; null where none are made.';

CREATE TABLE tonggao.watch_message (
    message_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    watch_id     bigint NOT NULL REFERENCES tonggao.watch ON DELETE CASCADE,
    key          uuid NOT NULL DEFAULT gen_random_uuid(),
    digest       boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    attempts     integer NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL DEFAULT now(),
    claimed_until timestamptz,
    sent_at      timestamptz
);
COMMENT ON TABLE tonggao.watch_message IS 'The outbox: messages of watches that were sent or wait for it. What one says is made of its matches when it is sent.';
COMMENT ON COLUMN tonggao.watch_message.message_id IS 'Number of the message.';
COMMENT ON COLUMN tonggao.watch_message.watch_id IS 'Whose it is.';
COMMENT ON COLUMN tonggao.watch_message.key IS 'The same in every attempt, by which a receiver knows a message again.';
COMMENT ON COLUMN tonggao.watch_message.digest IS 'Whether it gathers what was over the most messages of a day.';
COMMENT ON COLUMN tonggao.watch_message.created_at IS 'When it was put together.';
COMMENT ON COLUMN tonggao.watch_message.attempts IS 'How often it was tried.';
COMMENT ON COLUMN tonggao.watch_message.next_try_at IS 'Not tried before this.';
COMMENT ON COLUMN tonggao.watch_message.claimed_until IS 'A process is sending it; from then on another may.';
COMMENT ON COLUMN tonggao.watch_message.sent_at IS 'When it was taken; null: it waits.';
CREATE INDEX watch_message_waiting ON tonggao.watch_message (watch_id, message_id) WHERE sent_at IS NULL;
CREATE INDEX watch_message_by_day ON tonggao.watch_message (watch_id, created_at);

CREATE TABLE tonggao.watch_match (
    match_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    watch_id       bigint NOT NULL REFERENCES tonggao.watch ON DELETE CASCADE,
    event          text NOT NULL CHECK (event IN ('new', 'edit', 'withdrawn', 'restored', 'carried')),
    change_id      bigint,
    release_id     bigint NOT NULL,
    publication_id bigint,
    revision_id    bigint,
    file_digest    bytea,
    happened_at    timestamptz NOT NULL,
    matched_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    message_id     bigint REFERENCES tonggao.watch_message ON DELETE SET NULL,
    UNIQUE (watch_id, change_id, event)
);
COMMENT ON TABLE tonggao.watch_match IS 'What watches matched, each change once; without texts.';
COMMENT ON COLUMN tonggao.watch_match.match_id IS 'Number of the match.';
COMMENT ON COLUMN tonggao.watch_match.watch_id IS 'The watch.';
COMMENT ON COLUMN tonggao.watch_match.event IS 'What happened: new, edit, withdrawn, restored, carried.';
COMMENT ON COLUMN tonggao.watch_match.change_id IS 'The change; null where a file of the release was read after it.';
COMMENT ON COLUMN tonggao.watch_match.release_id IS 'The release.';
COMMENT ON COLUMN tonggao.watch_match.publication_id IS 'The publication that matched.';
COMMENT ON COLUMN tonggao.watch_match.revision_id IS 'Its text at that time.';
COMMENT ON COLUMN tonggao.watch_match.file_digest IS 'The file that holds the words, where headline and text do not.';
COMMENT ON COLUMN tonggao.watch_match.happened_at IS 'When the change was archived.';
COMMENT ON COLUMN tonggao.watch_match.matched_at IS 'When it was found to match.';
COMMENT ON COLUMN tonggao.watch_match.message_id IS 'The message that tells it; null: it waits to be gathered.';
CREATE UNIQUE INDEX watch_match_once ON tonggao.watch_match (watch_id, release_id, event) WHERE event IN ('new', 'carried');
CREATE INDEX watch_match_by_message ON tonggao.watch_match (message_id);
CREATE INDEX watch_match_ungathered ON tonggao.watch_match (watch_id) WHERE message_id IS NULL;
CREATE INDEX watch_match_by_release ON tonggao.watch_match (release_id);

CREATE TABLE tonggao.watch_place (
    single   boolean PRIMARY KEY DEFAULT true CHECK (single),
    position bigint NOT NULL DEFAULT 0,
    version  bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE tonggao.watch_place IS 'How far the changes were held against the watches; one row.';
COMMENT ON COLUMN tonggao.watch_place.single IS 'True: there is one row.';
COMMENT ON COLUMN tonggao.watch_place.position IS 'The last position that was looked at.';
COMMENT ON COLUMN tonggao.watch_place.version IS 'Rises whenever a watch is made, changed or removed, so that processes know to read them again.';
INSERT INTO tonggao.watch_place DEFAULT VALUES;

-- A file is often read after its release was told: its words are held against the watches when they are known.
CREATE TABLE tonggao.watch_file (
    digest bytea PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE tonggao.watch_file IS 'Files whose words are to be held against the watches.';
COMMENT ON COLUMN tonggao.watch_file.digest IS 'SHA-256 of the content.';
COMMENT ON COLUMN tonggao.watch_file.at IS 'When its words became known, or a page was found to offer it.';

CREATE FUNCTION tonggao.file_for_watches() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.digest IS NOT NULL AND EXISTS (SELECT FROM tonggao.watch w WHERE w.paused_at IS NULL) THEN
        -- A row that is held keeps an evaluation from taking it before this transaction's page is seen.
        INSERT INTO tonggao.watch_file (digest) VALUES (NEW.digest) ON CONFLICT (digest) DO UPDATE SET at = now();
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tonggao.file_for_watches() IS 'Notes a file to be held against the watches, where there are any.';
CREATE TRIGGER text_for_watches AFTER INSERT OR UPDATE OF body ON tonggao.file_text
    FOR EACH ROW WHEN (NEW.state = 'read') EXECUTE FUNCTION tonggao.file_for_watches();
COMMENT ON TRIGGER text_for_watches ON tonggao.file_text IS 'A file was read.';
CREATE TRIGGER offer_for_watches AFTER INSERT OR UPDATE OF digest ON tonggao.kept_file
    FOR EACH ROW EXECUTE FUNCTION tonggao.file_for_watches();
COMMENT ON TRIGGER offer_for_watches ON tonggao.kept_file IS 'A page was found to offer a file.';

CREATE VIEW archive.watches AS
SELECT w.watch_id, w.query, w.exact, w.region, w.source_id, w.kind, w.events, w.carried, w.days, w.every, w.daily,
       w.target_shown AS target,
       CASE WHEN w.paused_at IS NULL THEN 'active' ELSE 'paused' END AS state, w.paused_for, w.fault, w.failures, w.created_at,
       (SELECT count(*) FROM tonggao.watch_match m WHERE m.watch_id = w.watch_id) AS matches,
       (SELECT count(*) FROM tonggao.watch_message g WHERE g.watch_id = w.watch_id AND g.sent_at IS NOT NULL) AS sent,
       (SELECT count(*) FROM tonggao.watch_message g WHERE g.watch_id = w.watch_id AND g.sent_at IS NULL) AS waiting,
       (SELECT max(g.sent_at) FROM tonggao.watch_message g WHERE g.watch_id = w.watch_id) AS last_sent_at
FROM tonggao.watch w;
COMMENT ON VIEW archive.watches IS 'Stored searches whose matches are told to somebody. Secrets of their targets are kept elsewhere.';
COMMENT ON COLUMN archive.watches.watch_id IS 'Number of the watch.';
COMMENT ON COLUMN archive.watches.query IS 'Words, as archive.search takes them.';
COMMENT ON COLUMN archive.watches.exact IS 'Only as typed, as in archive.search.';
COMMENT ON COLUMN archive.watches.region IS 'Only this region with all below it; null: all.';
COMMENT ON COLUMN archive.watches.source_id IS 'Only this source; null: all.';
COMMENT ON COLUMN archive.watches.kind IS 'Only publishers of this kind; null: all.';
COMMENT ON COLUMN archive.watches.events IS 'What is told: new, edit, withdrawn, restored, carried.';
COMMENT ON COLUMN archive.watches.carried IS 'From how many sources on a release is told as carried; null: it is not.';
COMMENT ON COLUMN archive.watches.days IS 'A release is told as new when it is dated at most so many days before it was archived.';
COMMENT ON COLUMN archive.watches.every IS 'How matches are gathered: each at once (now), or by hour, day or week.';
COMMENT ON COLUMN archive.watches.daily IS 'Most messages a day (Asia/Shanghai); what is over comes in one digest the next morning.';
COMMENT ON COLUMN archive.watches.target IS 'Where messages go, without what is secret in it; null: there is the feed alone.';
COMMENT ON COLUMN archive.watches.state IS 'active, or paused.';
COMMENT ON COLUMN archive.watches.paused_for IS 'Why it rests: asked (by its owner), or the fault of its target.';
COMMENT ON COLUMN archive.watches.fault IS 'What is wrong with its target; null: nothing.';
COMMENT ON COLUMN archive.watches.failures IS 'Attempts in a row that its target did not take.';
COMMENT ON COLUMN archive.watches.created_at IS 'When it was made.';
COMMENT ON COLUMN archive.watches.matches IS 'How many matches it had.';
COMMENT ON COLUMN archive.watches.sent IS 'How many messages were taken.';
COMMENT ON COLUMN archive.watches.waiting IS 'How many messages wait to be sent.';
COMMENT ON COLUMN archive.watches.last_sent_at IS 'When the last message was taken; null: none was.';

CREATE FUNCTION archive.watch_feed(feed text, count integer DEFAULT 50)
RETURNS TABLE (match_id bigint, query text, event text, happened_at timestamptz, release_id bigint, publication_id bigint,
               revision_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.match_id, w.query, m.event, m.happened_at, m.release_id, m.publication_id, m.revision_id
    FROM tonggao.watch w LEFT JOIN tonggao.watch_match m ON m.watch_id = w.watch_id
    WHERE w.feed = $1
    ORDER BY m.match_id DESC
    LIMIT CASE WHEN $2 < 0 THEN 0 ELSE $2 END
$$;
COMMENT ON FUNCTION archive.watch_feed(text, integer) IS
    'What a watch matched, the newest first, for those who know the unguessable name of its feed; one row of nulls where it matched nothing yet.';
