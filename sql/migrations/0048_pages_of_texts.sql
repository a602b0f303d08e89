-- archive.revisions says which stored page each text was read from. Readers took the last page before the text, which
-- is another one where a text was imported behind a visit, and of an older text nobody was told any.

CREATE OR REPLACE VIEW archive.revisions AS
SELECT v.revision_id, v.publication_id, p.release_id, p.url, v.source_id, v.valid_from, v.recorded_at,
       row_number() OVER w AS number, v.revision_id = p.revision_id AS in_force, v.reparsed, v.parser_version,
       v.published_at, v.title, v.body, v.named_source, v.author, v.editor, v.region,
       lag(v.title) OVER w AS previous_title,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(v.body, lag(v.body) OVER w) END AS added,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(lag(v.body) OVER w, v.body) END AS removed,
       coalesce(v.brought_by, CASE WHEN v.reparsed THEN 'reparse' END) AS brought_by, v.clock_doubtful,
       encode(v.snapshot_digest, 'hex') AS snapshot_digest
FROM tonggao.revision v
JOIN tonggao.publication p ON p.publication_id = v.publication_id
WINDOW w AS (PARTITION BY v.publication_id ORDER BY v.valid_from, v.recorded_at, v.revision_id);
COMMENT ON COLUMN archive.revisions.snapshot_digest IS 'SHA-256 of the page it was read from, in hexadecimal; null where it was read from none (an import of text alone).';
