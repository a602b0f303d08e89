-- Divisions through time: a code that is no more keeps its row, and says what it became.

ALTER TABLE tonggao.region
    ADD COLUMN since text CHECK (since ~ '^[0-9]{4}-[0-9]{2}$'),
    ADD COLUMN until text CHECK (until ~ '^[0-9]{4}-[0-9]{2}$'),
    ADD COLUMN former_names text[] NOT NULL DEFAULT '{}',
    ADD COLUMN successors text[] NOT NULL DEFAULT '{}',
    ADD COLUMN predecessors text[] NOT NULL DEFAULT '{}';
COMMENT ON TABLE tonggao.region IS 'Administrative divisions of GB/T 2260 since 1980, filled from the list that the parser reads.';
COMMENT ON COLUMN tonggao.region.name IS 'Full name, the last one that the code had.';
COMMENT ON COLUMN tonggao.region.since IS 'Month from which there is such a code (2019-01); null where it was there in 1980.';
COMMENT ON COLUMN tonggao.region.until IS 'Month from which there is no such code any more; null where it stands today.';
COMMENT ON COLUMN tonggao.region.former_names IS 'Earlier names of the code, the oldest first.';
COMMENT ON COLUMN tonggao.region.successors IS 'Codes of what it became, where that is known.';
COMMENT ON COLUMN tonggao.region.predecessors IS 'Codes of what became it, or a part of it.';

ALTER TABLE tonggao.revision ADD COLUMN site_region text;
COMMENT ON COLUMN tonggao.revision.site_region IS 'Division whose site it is: six digits of a SiteIDCode of ten. Null in older rows, where site_id has it.';

CREATE OR REPLACE VIEW archive.publications AS
SELECT p.publication_id, p.release_id, p.url, p.source_id, s.publisher, p.dated_at, v.published_at, v.published_precision,
       v.title, v.subtitle, v.kicker, v.named_source, v.author, v.editor, v.body, v.region, v.keywords, v.images,
       v.attachments, v.document, v.column_name, v.site_name, v.site_id, p.first_seen_at, p.last_seen_at,
       p.withdrawn_at, p.withdrawn_for, p.joined_by, p.joined_to, p.evidence,
       p.publication_id = r.canonical_id AS canonical, p.revision_id, v.parser_version, v.origins, v.next_pages,
       p.listed_on, coalesce(v.site_region, substring(v.site_id FROM '^([1-8][0-9]{5})[0-9]{4}$')) AS site_region
FROM tonggao.publication p
JOIN tonggao.release r ON r.release_id = p.release_id
JOIN tonggao.source s ON s.source_id = p.source_id
LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from;
COMMENT ON COLUMN archive.publications.site_region IS 'Division whose site it is (GB/T 2260): the first six digits of a SiteIDCode of ten.';

CREATE FUNCTION tonggao.region_patterns(region text) RETURNS text[]
LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    WITH RECURSIVE asked AS (
        SELECT rpad(region, 6, '0') AS code, regexp_replace(region, '(00){1,2}$', '') || '%' AS below
    ), before AS (
        SELECT g.code, g.predecessors FROM tonggao.region g, asked WHERE g.code LIKE asked.below
        UNION
        SELECT g.code, g.predecessors FROM before b CROSS JOIN LATERAL unnest(b.predecessors) AS one (code)
        JOIN tonggao.region g ON g.code = one.code
    ), after AS (
        SELECT g.code, g.successors FROM tonggao.region g, asked WHERE g.code = asked.code AND g.until IS NOT NULL
        UNION
        SELECT g.code, g.successors FROM after a CROSS JOIN LATERAL unnest(a.successors) AS one (code)
        JOIN tonggao.region g ON g.code = one.code
    )
    SELECT array_agg(DISTINCT found.pattern)
    FROM (
        SELECT asked.below FROM asked
        UNION ALL
        SELECT b.code FROM before b, asked WHERE b.code NOT LIKE asked.below
        UNION ALL
        SELECT a.code FROM after a, asked WHERE a.code NOT LIKE asked.below
    ) AS found (pattern);
END;
COMMENT ON FUNCTION tonggao.region_patterns(region text) IS 'What a region stands for in a filter, as patterns of LIKE: all below it, what became any of that, and, where it is no more, what it became.';

CREATE OR REPLACE FUNCTION tonggao.filter_condition(since date, until date, region text, source text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' AND ', 'true',
        'r.dated_at >= ' || quote_literal(since::timestamp AT TIME ZONE 'Asia/Shanghai'),
        'r.dated_at < ' || quote_literal((until + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
        'r.source_id = ' || quote_literal(source),
        replace('(EXISTS (SELECT FROM unnest(r.region) AS code WHERE code LIKE ANY (~))'
                ' OR r.source_id IN (SELECT s.source_id FROM tonggao.source s WHERE s.region LIKE ANY (~)))',
                '~', quote_literal(tonggao.region_patterns(region)::text) || '::text[]'))
$$;
COMMENT ON FUNCTION tonggao.filter_condition(since date, until date, region text, source text) IS 'The filters of a search as SQL. Days are of Asia/Shanghai; a region stands for all below it (120000: 12xxxx), and for what became it.';

CREATE OR REPLACE VIEW archive.regions AS
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
        CROSS JOIN LATERAL (VALUES (one.code), (left(one.code, 4) || '00'), (left(one.code, 2) || '0000')) AS part (code)
    ) AS whole
    GROUP BY whole.code
)
SELECT g.code, g.name, g.level, g.parent, up.name AS parent_name, coalesce(c.releases, 0) AS releases, c.newest_at,
       g.since, g.until, g.former_names, g.successors, g.predecessors
FROM tonggao.region g
LEFT JOIN tonggao.region up ON up.code = g.parent
LEFT JOIN counted c ON c.code = g.code;
COMMENT ON COLUMN archive.regions.since IS 'Month from which there is such a code (2019-01); null where it was there in 1980.';
COMMENT ON COLUMN archive.regions.until IS 'Month from which there is no such code any more; null where it stands today.';
COMMENT ON COLUMN archive.regions.former_names IS 'Earlier names of the code, the oldest first.';
COMMENT ON COLUMN archive.regions.successors IS 'Codes of what it became, where that is known.';
COMMENT ON COLUMN archive.regions.predecessors IS 'Codes of what became it, or a part of it.';
