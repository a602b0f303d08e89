-- The SQL interface: what people who only know SQL read. Names and columns here stay stable.
--
-- A publication always has its revision, yet it is joined by LEFT JOIN: of an inner join on number and
-- time the planner expects one row in all, as if both were independent, and then reads whole tables
-- where twenty index look-ups are wanted (measured at 200 000 releases: 1.7 s against 2 ms).

CREATE FUNCTION tonggao.lines_without(body text, other text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(line ORDER BY place), '{}')
    FROM string_to_table(body, E'\n') WITH ORDINALITY AS mine (line, place)
    WHERE line <> ALL (string_to_array(other, E'\n'))
$$;
COMMENT ON FUNCTION tonggao.lines_without(text, text) IS 'Paragraphs of a text that another one does not have.';

CREATE VIEW archive.publications AS
SELECT p.publication_id, p.release_id, p.url, p.source_id, s.publisher, p.dated_at, v.published_at,
       v.published_precision, v.title, v.subtitle, v.kicker, v.named_source, v.author, v.editor, v.body,
       v.region, v.keywords, v.images, v.attachments, v.document, v.column_name, v.site_name, v.site_id,
       p.first_seen_at, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.joined_by, p.joined_to, p.evidence,
       p.publication_id = r.canonical_id AS canonical, p.revision_id, v.parser_version, v.origins
FROM tonggao.publication p
JOIN tonggao.release r ON r.release_id = p.release_id
JOIN tonggao.source s ON s.source_id = p.source_id
LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from;
COMMENT ON VIEW archive.publications IS 'Each address at each source with its text in force.';

CREATE VIEW archive.releases AS
SELECT r.release_id, p.publication_id, r.dated_at, v.published_at, v.published_precision, v.title, v.subtitle,
       v.named_source, v.author, v.editor, v.body, string_to_array(v.body, E'\n') AS paragraphs, v.region,
       v.keywords, p.url, p.source_id, s.publisher, v.site_name, v.column_name, p.withdrawn_at,
       (SELECT count(*) - 1 FROM tonggao.publication c WHERE c.release_id = r.release_id) AS copies,
       r.created_at
FROM tonggao.release r
JOIN tonggao.publication p ON p.publication_id = r.canonical_id
JOIN tonggao.source s ON s.source_id = p.source_id
LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
WHERE r.merged_into IS NULL;
COMMENT ON VIEW archive.releases IS 'Each story once, as its canonical publication tells it.';

CREATE VIEW archive.copies AS
SELECT p.release_id, p.publication_id, p.url, p.source_id, s.publisher, v.title, p.dated_at, p.joined_by,
       p.joined_to, p.evidence, p.publication_id = r.canonical_id AS canonical,
       p.dated_at - r.dated_at AS delay
FROM tonggao.publication p
JOIN tonggao.release r ON r.release_id = p.release_id
JOIN tonggao.source s ON s.source_id = p.source_id
LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from;
COMMENT ON VIEW archive.copies IS 'Who else carried a release, how that was found, and how much later.';

CREATE VIEW archive.revisions AS
SELECT v.revision_id, v.publication_id, p.release_id, p.url, v.source_id, v.valid_from, v.recorded_at,
       row_number() OVER w AS number, v.revision_id = p.revision_id AS in_force, v.reparsed, v.parser_version,
       v.published_at, v.title, v.body, v.named_source, v.author, v.editor, v.region,
       lag(v.title) OVER w AS previous_title,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(v.body, lag(v.body) OVER w) END AS added,
       CASE WHEN lag(v.revision_id) OVER w IS NOT NULL THEN tonggao.lines_without(lag(v.body) OVER w, v.body) END AS removed
FROM tonggao.revision v
JOIN tonggao.publication p ON p.publication_id = v.publication_id
WINDOW w AS (PARTITION BY v.publication_id ORDER BY v.valid_from, v.recorded_at, v.revision_id);
COMMENT ON VIEW archive.revisions IS 'Every version of every publication, with what changed since the one before.';

CREATE VIEW archive.links AS
SELECT l.release_id, l.other_id, l.kind, l.evidence, l.made_at FROM tonggao.link l
UNION ALL
SELECT l.other_id, l.release_id,
       CASE l.kind WHEN 'contains' THEN 'contained' WHEN 'contained' THEN 'contains' ELSE l.kind END,
       l.evidence, l.made_at
FROM tonggao.link l;
COMMENT ON VIEW archive.links IS 'Releases near each other that are not one: similar, contains, contained; each pair both ways.';

CREATE VIEW archive.sources AS
SELECT s.source_id, s.name, s.publisher, s.region, s.kind, s.lists, s.tags, s.confidence, s.enabled, s.enabled_at
FROM tonggao.source s;
COMMENT ON VIEW archive.sources IS 'The columns of publishers that the archive knows.';

CREATE VIEW archive.runs AS
SELECT r.run_id, r.source_id, r.kind, r.state, r.started_at, r.finished_at, r.listed, r.fetched, r.new, r.copies,
       r.revisions, r.unchanged, r.failed, r.reasons, r.error
FROM tonggao.run r;
COMMENT ON VIEW archive.runs IS 'The ledger: each visit of each source.';

CREATE VIEW archive.sources_health AS
SELECT s.source_id, s.publisher, s.region, s.enabled, last_run.started_at AS last_run_at, last_run.state AS last_state,
       last_good.started_at AS last_good_run_at, newest.dated_at AS newest_dated_at,
       extract(epoch FROM now() - newest.first_seen_at) / 86400 AS days_since_new,
       coalesce(month.runs, 0) AS runs_30d, coalesce(month.fetched, 0) AS fetched_30d,
       coalesce(month.failed, 0) AS failed_30d,
       month.failed::double precision / nullif(month.fetched + month.failed, 0) AS failure_rate_30d,
       last_run.error AS last_error
FROM tonggao.source s
LEFT JOIN LATERAL (SELECT r.* FROM tonggao.run r WHERE r.source_id = s.source_id
                   ORDER BY r.started_at DESC LIMIT 1) last_run ON true
LEFT JOIN LATERAL (SELECT r.* FROM tonggao.run r WHERE r.source_id = s.source_id AND r.state = 'done'
                   ORDER BY r.started_at DESC LIMIT 1) last_good ON true
LEFT JOIN LATERAL (SELECT p.* FROM tonggao.publication p WHERE p.source_id = s.source_id
                   ORDER BY p.dated_at DESC LIMIT 1) newest ON true
LEFT JOIN LATERAL (SELECT count(*) AS runs, sum(r.fetched) AS fetched, sum(r.failed) AS failed FROM tonggao.run r
                   WHERE r.source_id = s.source_id AND r.started_at > now() - interval '30 days') month ON true;
COMMENT ON VIEW archive.sources_health IS 'Per source: when it last worked, how often it fails, what is newest.';

CREATE VIEW archive.daily_counts AS
SELECT (p.dated_at AT TIME ZONE 'Asia/Shanghai')::date AS day, p.source_id, count(*) AS publications,
       count(*) FILTER (WHERE r.canonical_id = p.publication_id) AS releases,
       count(*) FILTER (WHERE r.canonical_id <> p.publication_id) AS copies
FROM tonggao.publication p
JOIN tonggao.release r ON r.release_id = p.release_id
GROUP BY 1, 2;
COMMENT ON VIEW archive.daily_counts IS 'Publications, releases and copies by day (Asia/Shanghai) and source.';

-- A code's divisions are read off the code itself (GB/T 2260: two digits a level); climbing the tree for
-- every release took 12 s at 60 000 of them.
-- Few sets of places are named by many releases, so the sets are counted before they are taken apart.
CREATE VIEW archive.regions AS
WITH named AS (
    SELECT v.region, count(*) AS releases, max(r.dated_at) AS newest_at
    FROM tonggao.release r
    JOIN tonggao.publication p ON p.publication_id = r.canonical_id
    JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
    WHERE r.merged_into IS NULL
    GROUP BY v.region
), counted AS (
    SELECT whole.code, sum(n.releases)::bigint AS releases, max(n.newest_at) AS newest_at
    FROM named n
    CROSS JOIN LATERAL (
        SELECT DISTINCT part.code
        FROM unnest(n.region) AS one (code)
        CROSS JOIN LATERAL (
            VALUES (one.code), (left(one.code, 4) || '00'), (left(one.code, 2) || '0000')
        ) AS part (code)
    ) AS whole
    GROUP BY whole.code
)
SELECT g.code, g.name, g.level, g.parent, up.name AS parent_name, coalesce(c.releases, 0) AS releases,
       c.newest_at
FROM tonggao.region g
LEFT JOIN tonggao.region up ON up.code = g.parent
LEFT JOIN counted c ON c.code = g.code;
COMMENT ON VIEW archive.regions IS 'Administrative divisions with the releases that name them or anything below them.';

CREATE VIEW archive.images AS
SELECT p.release_id, p.publication_id, image.place, image.item ->> 'url' AS url, image.item ->> 'caption' AS caption,
       image.item ->> 'credit' AS credit, image.item ->> 'alt' AS alt
FROM tonggao.publication p
LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
CROSS JOIN LATERAL jsonb_array_elements(v.images) WITH ORDINALITY AS image (item, place);
COMMENT ON VIEW archive.images IS 'Pictures of the publications'' texts in force.';

CREATE VIEW archive.attachments AS
SELECT p.release_id, p.publication_id, file.place, file.item ->> 'url' AS url, file.item ->> 'name' AS name
FROM tonggao.publication p
LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
CROSS JOIN LATERAL jsonb_array_elements(v.attachments) WITH ORDINALITY AS file (item, place);
COMMENT ON VIEW archive.attachments IS 'Files that the publications'' texts in force offer.';

CREATE VIEW archive.snapshots AS
SELECT n.snapshot_id, n.publication_id, n.fetched_at, encode(n.digest, 'hex') AS digest, n.status, n.http_charset,
       n.headers, c.size, length(c.bytes) AS stored_bytes, c.digest IS NOT NULL AS kept
FROM tonggao.snapshot n
LEFT JOIN tonggao.content c ON c.digest = n.digest;
COMMENT ON VIEW archive.snapshots IS 'Answers as received; kept tells whether the bytes are still there.';

CREATE VIEW archive.storage AS
SELECT coalesce(parent.relname, c.relname)::text AS name, count(*) AS parts,
       sum(greatest(c.reltuples, 0))::bigint AS estimated_rows,
       sum(pg_table_size(c.oid))::bigint AS table_bytes, sum(pg_indexes_size(c.oid))::bigint AS index_bytes
FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relnamespace = 'tonggao'::regnamespace AND c.relkind = 'r'
GROUP BY 1;
COMMENT ON VIEW archive.storage IS 'Size of each base table with its partitions; rows as last counted by ANALYZE.';

-- The cursor is the text "xid.number" of the last row seen. Rows of transactions that might still be
-- open before it are held back, so a consumer that goes on from its last cursor misses nothing.
--
-- A database that was restored on another server counts its transactions anew, and the stored numbers
-- lie ahead of it. tonggao.rebase_changes, which the daemon calls at its start, puts those rows at the
-- beginning of time; a cursor from before then goes on by its row number, a thousand rows earlier, so
-- that a consumer may be told something twice but misses nothing.
CREATE FUNCTION tonggao.rebase_changes() RETURNS void
LANGUAGE sql AS $$
    UPDATE tonggao.change SET xid = '3'::xid8 WHERE xid > pg_snapshot_xmax(pg_current_snapshot())
$$;
COMMENT ON FUNCTION tonggao.rebase_changes() IS 'After a restore: makes changes of another server''s transactions the oldest ones.';

CREATE FUNCTION archive.changes_since(cursor text DEFAULT NULL, count integer DEFAULT 1000)
RETURNS TABLE (cursor text, at timestamptz, kind text, release_id bigint, publication_id bigint, revision_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, pg_temp AS $$
    WITH given AS (
        SELECT coalesce(split_part($1, '.', 1), '0')::xid8 AS xid,
               coalesce(split_part($1, '.', 2), '0')::bigint AS change_id
    ), start AS (
        SELECT CASE WHEN ahead THEN '3'::xid8 ELSE xid END AS xid,
               CASE WHEN ahead THEN change_id - 1000 ELSE change_id END AS change_id
        FROM given, LATERAL (SELECT xid > pg_snapshot_xmax(pg_current_snapshot()) AS ahead) AS a
    )
    SELECT c.xid::text || '.' || c.change_id, c.at, c.kind, c.release_id, c.publication_id, c.revision_id
    FROM tonggao.change c
    WHERE c.xid < pg_snapshot_xmin(pg_current_snapshot())
      AND (c.xid, c.change_id) > ((SELECT s.xid FROM start s), (SELECT s.change_id FROM start s))
    ORDER BY c.xid, c.change_id
    LIMIT $2
$$;
COMMENT ON FUNCTION archive.changes_since(text, integer) IS
    'What is new or changed after a cursor (null: from the beginning), oldest first. Keep the last row''s cursor and ask again with it.';

CREATE FUNCTION archive.region_tree(top text DEFAULT NULL)
RETURNS TABLE (code text, name text, level text, parent text, depth integer, path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE tree AS (
        SELECT g.code, g.name, g.level, g.parent, 0 AS depth, g.name AS path
        FROM tonggao.region g WHERE CASE WHEN top IS NULL THEN g.parent IS NULL ELSE g.code = top END
        UNION ALL
        SELECT g.code, g.name, g.level, g.parent, t.depth + 1, t.path || ' ' || g.name
        FROM tonggao.region g JOIN tree t ON g.parent = t.code
    )
    SELECT * FROM tree ORDER BY tree.code
$$;
COMMENT ON FUNCTION archive.region_tree(text) IS 'A division and all below it, with the path of names from there; null: the whole country.';

-- A view's column that is a base table's column means what that one means.
DO $$
DECLARE
    missing record;
BEGIN
    FOR missing IN
        SELECT c.oid::regclass AS view, a.attname AS name, (
            SELECT col_description(b.attrelid, b.attnum)
            FROM unnest(ARRAY['publication', 'revision', 'release', 'source', 'run', 'snapshot', 'region', 'link'])
                 WITH ORDINALITY AS base (name, place)
            JOIN pg_attribute b ON b.attrelid = ('tonggao.' || base.name)::regclass AND b.attname = a.attname
            ORDER BY base.place LIMIT 1) AS meaning
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'archive'::regnamespace AND c.relkind = 'v'
    LOOP
        IF missing.meaning IS NOT NULL THEN
            EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', missing.view, missing.name, missing.meaning);
        END IF;
    END LOOP;
END
$$;

COMMENT ON COLUMN archive.publications.canonical IS 'Whether it stands for its release.';
COMMENT ON COLUMN archive.releases.paragraphs IS 'The paragraphs of body.';
COMMENT ON COLUMN archive.releases.copies IS 'How many other publications carry it.';
COMMENT ON COLUMN archive.copies.canonical IS 'Whether it is the one that the others copy.';
COMMENT ON COLUMN archive.copies.delay IS 'How much later than the canonical publication it says it was published.';
COMMENT ON COLUMN archive.revisions.number IS 'Place among the publication''s versions, from 1.';
COMMENT ON COLUMN archive.revisions.in_force IS 'Whether it is the text in force.';
COMMENT ON COLUMN archive.revisions.previous_title IS 'Headline of the version before.';
COMMENT ON COLUMN archive.revisions.added IS 'Paragraphs that the version before did not have; null for the first version.';
COMMENT ON COLUMN archive.revisions.removed IS 'Paragraphs of the version before that are gone; null for the first version.';
COMMENT ON COLUMN archive.links.release_id IS 'A release.';
COMMENT ON COLUMN archive.links.other_id IS 'Another one near it.';
COMMENT ON COLUMN archive.links.kind IS 'similar; contains (release_id holds other_id inside it); contained (the other way round).';
COMMENT ON COLUMN archive.sources_health.last_run_at IS 'When its last visit began.';
COMMENT ON COLUMN archive.sources_health.last_state IS 'How that visit ended.';
COMMENT ON COLUMN archive.sources_health.last_good_run_at IS 'When the last visit began that was done.';
COMMENT ON COLUMN archive.sources_health.newest_dated_at IS 'Date of its newest publication.';
COMMENT ON COLUMN archive.sources_health.days_since_new IS 'Days since that publication was first seen.';
COMMENT ON COLUMN archive.sources_health.runs_30d IS 'Visits in the last thirty days.';
COMMENT ON COLUMN archive.sources_health.fetched_30d IS 'Pages delivered in the last thirty days.';
COMMENT ON COLUMN archive.sources_health.failed_30d IS 'Pages that could not be archived in the last thirty days.';
COMMENT ON COLUMN archive.sources_health.failure_rate_30d IS 'Their share of all pages asked for.';
COMMENT ON COLUMN archive.sources_health.last_error IS 'Why the last visit failed as a whole.';
COMMENT ON COLUMN archive.daily_counts.day IS 'Day of publication, Asia/Shanghai.';
COMMENT ON COLUMN archive.daily_counts.publications IS 'All publications of that day.';
COMMENT ON COLUMN archive.daily_counts.releases IS 'Those that stand for their release.';
COMMENT ON COLUMN archive.daily_counts.copies IS 'Those that copy another.';
COMMENT ON COLUMN archive.regions.parent_name IS 'Name of the division that it belongs to.';
COMMENT ON COLUMN archive.regions.releases IS 'Releases that name it or anything below it.';
COMMENT ON COLUMN archive.regions.newest_at IS 'Date of the newest of them.';
COMMENT ON COLUMN archive.images.place IS 'Place among the publication''s pictures, from 1.';
COMMENT ON COLUMN archive.images.url IS 'Address of the picture.';
COMMENT ON COLUMN archive.images.caption IS 'The line that explains it.';
COMMENT ON COLUMN archive.images.credit IS 'Who took or gave it.';
COMMENT ON COLUMN archive.images.alt IS 'Its alternative text.';
COMMENT ON COLUMN archive.attachments.place IS 'Place among the publication''s files, from 1.';
COMMENT ON COLUMN archive.attachments.url IS 'Address of the file.';
COMMENT ON COLUMN archive.attachments.name IS 'The name shown for it.';
COMMENT ON COLUMN archive.snapshots.digest IS 'SHA-256 of the bytes, hexadecimal.';
COMMENT ON COLUMN archive.snapshots.size IS 'Length of the bytes as received.';
COMMENT ON COLUMN archive.snapshots.stored_bytes IS 'Length of the bytes as stored.';
COMMENT ON COLUMN archive.snapshots.kept IS 'Whether the bytes are still there.';
COMMENT ON COLUMN archive.storage.name IS 'Table, its partitions taken together.';
COMMENT ON COLUMN archive.storage.parts IS 'How many partitions.';
COMMENT ON COLUMN archive.storage.estimated_rows IS 'Rows as last counted by ANALYZE.';
COMMENT ON COLUMN archive.storage.table_bytes IS 'Size without indexes.';
COMMENT ON COLUMN archive.storage.index_bytes IS 'Size of the indexes.';
