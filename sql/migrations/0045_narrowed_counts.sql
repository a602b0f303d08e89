-- Facets of releases narrowed by date, place, source, 来源 or column, without words, are told by what was counted.
--
-- A release that has one page has one answer to such a filter: that of the page it was counted as, by its row in
-- tonggao.counted, which has no text. Others, and what is marked, are asked page by page as before.

ALTER TABLE tonggao.counted ADD COLUMN alone boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tonggao.counted.alone IS 'Whether no other page of the release has a text, so that a filter decides on this one only. False is always safe.';
CREATE INDEX counted_in_company ON tonggao.counted (release_id) WHERE NOT alone;

CREATE OR REPLACE FUNCTION tonggao.as_counted(ids bigint[]) RETURNS SETOF tonggao.counted
LANGUAGE sql STABLE ROWS 1000 AS $$
    SELECT DISTINCT ON (p.release_id)
           p.release_id, v.dated_at, p.source_id, s.region, v.region, v.named_source, v.column_name,
           coalesce(e.canonical_id = p.publication_id AND e.merged_into IS NULL, false),
           CASE WHEN e.canonical_id = p.publication_id AND e.merged_into IS NULL THEN e.dated_at END,
           v.source_id = p.source_id AND count(*) OVER (PARTITION BY p.release_id) = 1
    FROM unnest(ids) AS wanted (release_id)
    JOIN tonggao.publication p ON p.release_id = wanted.release_id
    JOIN tonggao.release e ON e.release_id = p.release_id
    JOIN tonggao.source s ON s.source_id = p.source_id
    JOIN tonggao.revision v ON v.publication_id = p.publication_id AND v.revision_id = p.revision_id
                            AND v.valid_from = p.revision_from
    ORDER BY p.release_id, (e.canonical_id = p.publication_id) DESC, v.dated_at DESC, v.revision_id DESC
$$;

CREATE OR REPLACE FUNCTION tonggao.count_releases(ids bigint[]) RETURNS void
LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    places text[];
BEGIN
    WITH change AS MATERIALIZED (
        SELECT * FROM tonggao.count_changes(ids)
    ), kept AS (
        INSERT INTO tonggao.release_count AS k (facet, code, releases, newest_at)
        SELECT c.facet, c.code, c.releases, c.newest_at FROM change c
        WHERE c.releases <> 0 OR c.newest_at IS DISTINCT FROM c.gone_at
        ON CONFLICT (facet, md5(code)) DO UPDATE
        SET releases = k.releases + excluded.releases, newest_at = greatest(k.newest_at, excluded.newest_at)
    ), gone AS (
        DELETE FROM tonggao.counted WHERE release_id = ANY (ids)
        AND release_id NOT IN (SELECT n.release_id FROM tonggao.as_counted(ids) AS n)
    ), written AS (
        INSERT INTO tonggao.counted AS c SELECT n.* FROM tonggao.as_counted(ids) AS n
        ON CONFLICT (release_id) DO UPDATE
        SET dated_at = excluded.dated_at, source_id = excluded.source_id, source_region = excluded.source_region,
            region = excluded.region, named_source = excluded.named_source, column_name = excluded.column_name,
            stands = excluded.stands, newest_at = excluded.newest_at, alone = excluded.alone
        WHERE c IS DISTINCT FROM excluded
    )
    SELECT array_agg(c.code) INTO places FROM change c
    WHERE c.gone_at IS NOT NULL AND (c.newest_at IS NULL OR c.newest_at < c.gone_at);
    UPDATE tonggao.release_count k SET newest_at = tonggao.newest_of(k.code)
    WHERE k.facet = 'place' AND k.code = ANY (places) AND k.releases > 0;
    DELETE FROM tonggao.release_count WHERE releases = 0;
END
$$;

CREATE FUNCTION tonggao.told(asked jsonb, filters text)
RETURNS TABLE (source_id text, region text[], named_source text, column_name text, dated_at timestamptz)
LANGUAGE plpgsql COST 100000 AS $$
DECLARE
    by_text text := 'SELECT p.source_id, v.region, v.named_source, v.column_name, m.dated_at
        FROM tonggao.matching($1, %L) AS m
        JOIN tonggao.publication p ON p.publication_id = m.publication_id
        LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from';
    others bigint[];
BEGIN
    IF asked -> 'typed' <> '[]' THEN
        RETURN QUERY EXECUTE format(by_text, filters) USING asked;
        RETURN;
    END IF;
    -- Read once: what is counted anew meanwhile is told by one of the two, not by both and not by none.
    others := ARRAY(SELECT c.release_id FROM tonggao.counted c WHERE NOT c.alone UNION SELECT u.release_id FROM tonggao.uncounted u);
    RETURN QUERY EXECUTE format('SELECT r.source_id, r.region, r.named_source, r.column_name, r.dated_at
        FROM tonggao.counted r WHERE %s AND r.release_id <> ALL ($1)', filters) USING others;
    IF cardinality(others) > 0 THEN
        RETURN QUERY EXECUTE format(by_text, filters || ' AND r.publication_id IN (
            SELECT p.publication_id FROM unnest(' || quote_literal(others) || '::bigint[]) AS one (release_id)
            JOIN tonggao.publication p ON p.release_id = one.release_id)') USING asked;
    END IF;
END
$$;
COMMENT ON FUNCTION tonggao.told(asked jsonb, filters text) IS
    'Under what each release counts that holds the words under conditions, which are SQL over a revision r: as its page that matches. Without words, conditions speak of no other columns than tonggao.counted has too.';

CREATE OR REPLACE FUNCTION tonggao.counted_facets(asked jsonb, filters text)
RETURNS TABLE (facet text, code text, name text, parent text, releases bigint)
LANGUAGE sql COST 100000 ROWS 100 AS $$
    WITH sums AS MATERIALIZED (
        SELECT t.source_id, t.region, t.named_source, t.column_name, t.month, count(*) AS releases,
               grouping(t.source_id) AS no_source, grouping(t.region) AS no_region, grouping(t.named_source) AS no_named,
               grouping(t.column_name) AS no_column, grouping(t.month) AS no_month
        FROM (SELECT o.source_id, o.region, o.named_source, o.column_name,
                     date_trunc('month', o.dated_at AT TIME ZONE 'Asia/Shanghai') AS month
              FROM tonggao.told(asked, filters) AS o) AS t
        GROUP BY GROUPING SETS ((t.source_id), (t.source_id, t.region), (t.named_source), (t.column_name), (t.month))
    ), spoken AS (
        SELECT u.region, sum(u.releases) AS releases FROM sums u WHERE u.no_region = 0 GROUP BY u.region
    ), shared AS MATERIALIZED (
        SELECT u.region, s.region AS source_region, u.releases
        FROM sums u JOIN tonggao.source s ON s.source_id = u.source_id
        WHERE u.no_region = 0 AND position(left(s.region, 2) IN array_to_string(u.region, ' ')) > 0
    ), parted AS (
        -- Places that a text names, and those of its source; what both name counts once. To tell that of each
        -- combination is what takes long, so only those are looked into that may share a province.
        SELECT part.code, w.releases, part.code = ANY (w.region) AS named
        FROM spoken w CROSS JOIN LATERAL unnest(tonggao.with_those_above(w.region)) AS part (code)
        UNION ALL
        SELECT part.code, u.releases, part.code = s.region
        FROM sums u JOIN tonggao.source s ON s.source_id = u.source_id
        CROSS JOIN LATERAL unnest(tonggao.with_those_above(ARRAY[s.region])) AS part (code)
        WHERE u.no_source = 0 AND u.no_region = 1
        UNION ALL
        SELECT part.code, -h.releases, false
        FROM shared h CROSS JOIN LATERAL unnest(tonggao.with_those_above(h.region)) AS part (code)
        WHERE part.code = ANY (tonggao.with_those_above(ARRAY[h.source_region]))
    ), place AS (
        SELECT part.code, sum(part.releases)::bigint AS releases, bool_or(part.named) AS named FROM parted part GROUP BY 1
    )
    SELECT 'region', c.code, tonggao.division_name(c.code),
           CASE WHEN g.code IS NOT NULL THEN g.parent ELSE left(c.code, 2) || '0000' END, c.releases
    FROM place c LEFT JOIN tonggao.region g ON g.code = c.code
    WHERE c.named OR g.code IS NOT NULL  -- Tianjin has no city between it and its districts
    UNION ALL
    SELECT 'source', s.source_id, s.name, s.publisher, u.releases
    FROM sums u JOIN tonggao.source s ON s.source_id = u.source_id WHERE u.no_source = 0 AND u.no_region = 1
    UNION ALL
    SELECT 'kind', s.kind, tonggao.kind_name(s.kind), NULL, sum(u.releases)::bigint
    FROM sums u JOIN tonggao.source s ON s.source_id = u.source_id WHERE u.no_source = 0 AND u.no_region = 1 GROUP BY s.kind
    UNION ALL
    SELECT 'named source', u.named_source, u.named_source, NULL, u.releases
    FROM sums u WHERE u.no_named = 0 AND u.named_source IS NOT NULL
    UNION ALL
    SELECT 'column', u.column_name, u.column_name, NULL, u.releases
    FROM sums u WHERE u.no_column = 0 AND u.column_name IS NOT NULL
    UNION ALL
    SELECT 'month', to_char(u.month, 'YYYY-MM'), to_char(u.month, 'YYYY-MM'), NULL, u.releases FROM sums u WHERE u.no_month = 0
    ORDER BY 1, 5 DESC, 2
$$;

-- What was counted before. One page is enough of a proof: a second one would have left a mark, which is asked by itself.
UPDATE tonggao.counted c SET alone = true
FROM (SELECT p.release_id FROM tonggao.publication p JOIN tonggao.revision v
          ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from AND v.publication_id = p.publication_id
      GROUP BY p.release_id HAVING count(*) = 1 AND bool_and(v.source_id = p.source_id)) AS one
WHERE one.release_id = c.release_id;

-- The text decides before its page and release are read: of what the index gives for a word of four signs, every second
-- text holds the signs elsewhere, and what is read for the first time is read from a disk.
CREATE OR REPLACE FUNCTION tonggao.indexed_hits(asked jsonb, candidates text, filters text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $_$
    SELECT format($statement$
        SELECT p.release_id, p.publication_id, c.title, c.body, c.dated_at, c.revision_id
        FROM (
            SELECT o.revision_id, o.publication_id, o.dated_at, x.title, x.body
            FROM (SELECT f.revision_id, f.valid_from, f.publication_id, f.dated_at FROM (%s) AS f ORDER BY f.dated_at DESC, f.revision_id DESC OFFSET 0) AS o
            CROSS JOIN LATERAL (
                SELECT v.title, v.body, v.title || E'\n' || v.body AS content
                FROM tonggao.revision v
                WHERE v.revision_id = o.revision_id AND v.valid_from = o.valid_from
                OFFSET 0
            ) AS x
            WHERE %s
            ORDER BY o.dated_at DESC, o.revision_id DESC OFFSET 0
        ) AS c
        JOIN tonggao.publication p ON p.publication_id = c.publication_id AND p.revision_id = c.revision_id
        JOIN tonggao.release e ON e.release_id = p.release_id
        WHERE %s
        ORDER BY c.dated_at DESC, c.revision_id DESC$statement$,
        candidates, tonggao.deciding_condition(asked, 'x.content'), tonggao.stands_for_release(asked, filters))
$_$;
