-- What was told under doubt, or why a run failed, is shown where people look: new columns at the views' ends.

CREATE OR REPLACE VIEW archive.snapshots AS
SELECT n.snapshot_id, n.publication_id, n.fetched_at, encode(n.digest, 'hex') AS digest, n.status, n.http_charset,
       n.headers, c.size, length(c.bytes) AS stored_bytes, c.digest IS NOT NULL AS kept, n.clock_doubtful
FROM tonggao.snapshot n
LEFT JOIN tonggao.content c ON c.digest = n.digest;
COMMENT ON COLUMN archive.snapshots.clock_doubtful IS 'The clock of the machine was in doubt: fetched_at is the database''s time.';

CREATE OR REPLACE VIEW archive.revisions AS
SELECT v.revision_id, v.publication_id, p.release_id, p.url, v.source_id, v.valid_from, v.recorded_at,
       row_number() OVER w AS number, v.revision_id = p.revision_id AS in_force, v.reparsed, v.parser_version,
       v.published_at, v.title, v.body, v.named_source, v.author, v.editor, v.region,
       lag(v.title) OVER w AS previous_title,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(v.body, lag(v.body) OVER w) END AS added,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(lag(v.body) OVER w, v.body) END AS removed,
       coalesce(v.brought_by, CASE WHEN v.reparsed THEN 'reparse' END) AS brought_by, v.clock_doubtful
FROM tonggao.revision v
JOIN tonggao.publication p ON p.publication_id = v.publication_id
WINDOW w AS (PARTITION BY v.publication_id ORDER BY v.valid_from, v.recorded_at, v.revision_id);
COMMENT ON COLUMN archive.revisions.clock_doubtful IS 'The clock of the machine was in doubt: valid_from is the database''s time.';

CREATE OR REPLACE VIEW archive.runs AS
SELECT r.run_id, r.source_id, r.kind, r.state, r.started_at, r.finished_at, r.listed, r.fetched, r.new, r.copies,
       r.revisions, r.unchanged, r.failed, tonggao.reasons_now(r.reasons) AS reasons, r.error, r.failure
FROM tonggao.run r;
COMMENT ON COLUMN archive.runs.failure IS 'What kind of thing error is: list (it did not come or was none), host (it wants rest), database, program (an error of tonggao).';
