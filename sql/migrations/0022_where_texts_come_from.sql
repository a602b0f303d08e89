-- A date that stays, and where each text comes from.
--
-- Only columns that may be null or have a constant default are added, which touches no row; what is
-- rewritten are the few publications whose page states no time and whose date moved with each new text.

ALTER TABLE tonggao.publication
    ADD COLUMN listed_on date,
    ADD COLUMN changed_looks smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN tonggao.publication.listed_on IS 'Day of its row when a list first showed it; null where no row stated one, and for publications from before this was kept.';
COMMENT ON COLUMN tonggao.publication.changed_looks IS 'How many looks in a row, the last one included, found another text.';
COMMENT ON COLUMN tonggao.publication.dated_at IS 'When it says it was published, else the day of its row as first listed, else when it was first seen. Once set it changes only when the page states a time.';
COMMENT ON COLUMN tonggao.publication.record_digest IS 'Digest of the record in force, with every field that has a value.';

ALTER TABLE tonggao.revision ADD COLUMN brought_by text;
COMMENT ON COLUMN tonggao.revision.brought_by IS 'What brought it: visit, backfill, import or reparse; null for texts from before this was kept.';
COMMENT ON COLUMN tonggao.revision.dated_at IS 'Date of the publication with this text: published_at, else as in publication.dated_at.';
COMMENT ON COLUMN tonggao.revision.record_digest IS 'SHA-256 of the record: behind the byte 2 of every field that has a value; 32 bytes alone of every field, nulls included.';
COMMENT ON COLUMN tonggao.revision.reparsed IS 'Another parser''s reading of a page that said the same before.';

-- A text that states no time took the time at which it was received. The last time that an earlier text
-- stated is kept, else the day is that of the first sight. ranked_at, which chooses the canonical
-- publication, never moved with later texts and stays as it is.
WITH undated AS (
    SELECT p.publication_id, p.revision_id, p.revision_from, coalesce(
        (SELECT w.published_at FROM tonggao.revision w
         WHERE w.publication_id = p.publication_id AND w.published_at IS NOT NULL
         ORDER BY w.valid_from DESC, w.recorded_at DESC LIMIT 1), p.first_seen_at) AS dated_at
    FROM tonggao.publication p
    JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
    WHERE v.published_at IS NULL
), mended AS (
    UPDATE tonggao.publication p SET dated_at = u.dated_at
    FROM undated u
    WHERE p.publication_id = u.publication_id AND p.dated_at <> u.dated_at
    RETURNING p.publication_id, p.release_id, p.dated_at, p.revision_id, p.revision_from
), in_force AS (
    UPDATE tonggao.revision v SET dated_at = m.dated_at
    FROM mended m
    WHERE v.revision_id = m.revision_id AND v.valid_from = m.revision_from
)
UPDATE tonggao.release r SET dated_at = m.dated_at
FROM mended m
WHERE r.release_id = m.release_id AND r.canonical_id = m.publication_id;

CREATE OR REPLACE VIEW archive.publications AS
SELECT p.publication_id, p.release_id, p.url, p.source_id, s.publisher, p.dated_at, v.published_at,
       v.published_precision, v.title, v.subtitle, v.kicker, v.named_source, v.author, v.editor, v.body,
       v.region, v.keywords, v.images, v.attachments, v.document, v.column_name, v.site_name, v.site_id,
       p.first_seen_at, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.joined_by, p.joined_to, p.evidence,
       p.publication_id = r.canonical_id AS canonical, p.revision_id, v.parser_version, v.origins,
       v.next_pages, p.listed_on
FROM tonggao.publication p
JOIN tonggao.release r ON r.release_id = p.release_id
JOIN tonggao.source s ON s.source_id = p.source_id
LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from;
COMMENT ON COLUMN archive.publications.next_pages IS 'Further pages of the same article.';
COMMENT ON COLUMN archive.publications.listed_on IS 'Day of its row when a list first showed it; null where no row stated one.';
COMMENT ON COLUMN archive.publications.dated_at IS 'When it says it was published, else the day of its row as first listed, else when it was first seen.';

CREATE OR REPLACE VIEW archive.revisions AS
SELECT v.revision_id, v.publication_id, p.release_id, p.url, v.source_id, v.valid_from, v.recorded_at,
       row_number() OVER w AS number, v.revision_id = p.revision_id AS in_force, v.reparsed, v.parser_version,
       v.published_at, v.title, v.body, v.named_source, v.author, v.editor, v.region,
       lag(v.title) OVER w AS previous_title,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(v.body, lag(v.body) OVER w) END AS added,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(lag(v.body) OVER w, v.body) END AS removed,
       coalesce(v.brought_by, CASE WHEN v.reparsed THEN 'reparse' END) AS brought_by
FROM tonggao.revision v
JOIN tonggao.publication p ON p.publication_id = v.publication_id
WINDOW w AS (PARTITION BY v.publication_id ORDER BY v.valid_from, v.recorded_at, v.revision_id);
COMMENT ON COLUMN archive.revisions.brought_by IS 'What brought this text: visit, backfill, import or reparse; null for texts from before this was kept.';
COMMENT ON COLUMN archive.revisions.reparsed IS 'Another parser''s reading of a page that said the same before; no edit.';
