-- Articles that failed are tried again though no list shows them; jobs that kill their process are set aside;
-- a run says what kind of thing ended it.

ALTER TABLE tonggao.url_state ADD COLUMN address text, ADD COLUMN listed_on date;
COMMENT ON COLUMN tonggao.url_state.address IS 'Where to ask, where that is not url itself.';
COMMENT ON COLUMN tonggao.url_state.listed_on IS 'The day that its list stated, where it stated one.';

-- What nobody asked for again until now is asked for over a week, not at once. What was due within the last day is
-- still on its list, or will be with the rest.
UPDATE tonggao.url_state
SET next_try_at = now() + interval '7 days' * ((hashtext(url)::bigint & 65535) / 65536.0)
WHERE next_try_at < now() - interval '1 day';

-- Later pages of articles were remembered as addresses of their own. They are no articles: they stay, out of the way.
UPDATE tonggao.url_state s
SET purpose = 'further page'
WHERE s.purpose = 'article' AND s.url ~ '_[0-9]{1,2}[.][a-z]+$'
  AND (EXISTS (SELECT FROM tonggao.publication p WHERE p.url = regexp_replace(s.url, '_[0-9]{1,2}([.][a-z]+)$', '\1'))
       OR EXISTS (SELECT FROM tonggao.url_state f
                  WHERE f.url_digest = sha256(convert_to(regexp_replace(s.url, '_[0-9]{1,2}([.][a-z]+)$', '\1'), 'UTF8'))));
COMMENT ON COLUMN tonggao.url_state.purpose IS 'listing, article, image, attachment, or further page (of an article; not tried by itself).';

ALTER TABLE tonggao.run ADD COLUMN failure text CHECK (failure IN ('list', 'host', 'database', 'program'));
COMMENT ON COLUMN tonggao.run.failure IS 'What kind of thing error is: list (it did not come or was none), host (it wants rest), database, program (an error of tonggao).';

CREATE TABLE tonggao.job_start (
    task         text NOT NULL,
    subject      text NOT NULL,
    starts       integer NOT NULL DEFAULT 1 CHECK (starts > 0),
    worker       text NOT NULL,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    set_aside_at timestamptz,
    reason       text,
    PRIMARY KEY (task, subject),
    CHECK ((set_aside_at IS NULL) = (reason IS NULL))
) WITH (fillfactor = 60);
COMMENT ON TABLE tonggao.job_start IS 'Jobs that were begun and have not ended in order yet. A job that ends in order, well or not, is taken off; what stays with several starts kills or hangs its process.';
COMMENT ON COLUMN tonggao.job_start.task IS 'Name of the task in the queue.';
COMMENT ON COLUMN tonggao.job_start.subject IS 'What it works on: a source, or the number of a backfill.';
COMMENT ON COLUMN tonggao.job_start.starts IS 'How often it was begun without ending in order.';
COMMENT ON COLUMN tonggao.job_start.worker IS 'Host name and process number of the process that began it last.';
COMMENT ON COLUMN tonggao.job_start.begun_at IS 'When it was begun last.';
COMMENT ON COLUMN tonggao.job_start.set_aside_at IS 'When it was set aside for killing its process; null while it is not.';
COMMENT ON COLUMN tonggao.job_start.reason IS 'Why it was set aside.';

ALTER TABLE tonggao.slot DROP CONSTRAINT slot_state_check,
    ADD CONSTRAINT slot_state_check CHECK (state IN ('open', 'done', 'failed', 'dropped'));
COMMENT ON COLUMN tonggao.slot.state IS 'open (queued or under way), done, failed, dropped (its source was disabled or set aside before it was served).';

CREATE VIEW archive.unread AS
SELECT s.url, s.source_id,
       CASE WHEN s.decision = 'withdrawn' THEN 'withdrawn before it was read' ELSE 'failing' END AS state,
       s.outcome, s.status, s.failures, s.sightings, s.failing_since, s.tried_at, s.next_try_at, s.listed_on, s.detail
FROM tonggao.url_state s
WHERE s.purpose = 'article'
  AND NOT EXISTS (SELECT FROM tonggao.publication p WHERE p.url = s.url AND p.revision_id IS NOT NULL);
COMMENT ON VIEW archive.unread IS 'Articles that a list showed and that could not be archived yet. One that comes after all is taken off.';
COMMENT ON COLUMN archive.unread.url IS 'Normal form of the address.';
COMMENT ON COLUMN archive.unread.source_id IS 'The source that listed it.';
COMMENT ON COLUMN archive.unread.state IS 'failing; or withdrawn before it was read: several sightings of 404 or 410, long enough apart. It is still looked at, rarely.';
COMMENT ON COLUMN archive.unread.outcome IS 'How the last attempt ended.';
COMMENT ON COLUMN archive.unread.status IS 'HTTP status of the last attempt; null where no answer came.';
COMMENT ON COLUMN archive.unread.failures IS 'Failures in a row.';
COMMENT ON COLUMN archive.unread.sightings IS 'How often in a row it was seen to be gone.';
COMMENT ON COLUMN archive.unread.failing_since IS 'When the first failure of the row was.';
COMMENT ON COLUMN archive.unread.tried_at IS 'When it was last tried.';
COMMENT ON COLUMN archive.unread.next_try_at IS 'When it is due again: ever more rarely, at least every 90 days.';
COMMENT ON COLUMN archive.unread.listed_on IS 'The day that its list stated, where it stated one.';
COMMENT ON COLUMN archive.unread.detail IS 'A sentence about the last failure.';
