-- What a search found, counted by place, source, named source, column, kind of publisher and month.

CREATE FUNCTION archive.search_facets(
    query text, since date DEFAULT NULL, until date DEFAULT NULL, region text DEFAULT NULL, source text DEFAULT NULL,
    kind text DEFAULT NULL, exact boolean DEFAULT false
) RETURNS TABLE (facet text, code text, name text, parent text, releases bigint)
LANGUAGE sql SECURITY DEFINER ROWS 100 COST 100000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB' AS $$
    WITH hit AS MATERIALIZED (
        SELECT m.release_id, m.publication_id, m.dated_at
        FROM tonggao.matching(tonggao.asked(query, exact), tonggao.filter_condition(since, until, region, source, kind)) AS m
    ), told AS MATERIALIZED (
        SELECT h.release_id, h.dated_at, s.source_id, s.name, s.publisher, s.kind, s.region AS source_region,
               v.region, v.named_source, v.column_name
        FROM hit h
        JOIN tonggao.publication p ON p.publication_id = h.publication_id
        JOIN tonggao.source s ON s.source_id = p.source_id
        LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
    ), place AS (
        SELECT part.code, count(DISTINCT t.release_id) AS releases, bool_or(part.code = one.code) AS named
        FROM told t
        CROSS JOIN LATERAL unnest(t.region || t.source_region) AS one (code)
        CROSS JOIN LATERAL (VALUES (one.code), (left(one.code, 4) || '00'), (left(one.code, 2) || '0000')) AS part (code)
        WHERE one.code IS NOT NULL
        GROUP BY 1
    )
    SELECT 'region', c.code, coalesce(g.name, c.code), g.parent, c.releases
    FROM place c LEFT JOIN tonggao.region g ON g.code = c.code
    WHERE c.named OR g.code IS NOT NULL  -- Tianjin has no city between it and its districts
    UNION ALL
    SELECT 'source', t.source_id, t.name, t.publisher, count(*) FROM told t GROUP BY t.source_id, t.name, t.publisher
    UNION ALL
    SELECT 'named source', t.named_source, t.named_source, NULL, count(*) FROM told t WHERE t.named_source IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'column', t.column_name, t.column_name, NULL, count(*) FROM told t WHERE t.column_name IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'kind', t.kind, t.kind, NULL, count(*) FROM told t GROUP BY 2
    UNION ALL
    SELECT 'month', to_char(t.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'),
           to_char(t.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), NULL, count(*) FROM told t GROUP BY 2
    ORDER BY 1, 5 DESC, 2
$$;
COMMENT ON FUNCTION archive.search_facets(text, date, date, text, text, text, boolean) IS
    'How many of the releases that archive.search finds are of each region (down to counties; parent is the division above), source (parent is its publisher), named source (来源), column, kind of publisher and month (Asia/Shanghai) of the date that is shown. A region counts what the filter by it finds. Same query as search.';
