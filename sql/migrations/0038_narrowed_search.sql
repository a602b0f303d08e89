-- Searches narrowed by the source that a page names (来源) and by its column, as the facets count them.
--
-- The body of archive.search moves into tonggao.found, which takes the filters as they are; both forms call it.

CREATE FUNCTION tonggao.filter_condition(
    since date, until date, region text, source text, kind text, named_source text, column_name text
) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' AND ', tonggao.filter_condition(since, until, region, source, kind),
        'r.named_source = ' || quote_literal(named_source), 'r.column_name = ' || quote_literal(column_name))
$$;
COMMENT ON FUNCTION tonggao.filter_condition(date, date, text, text, text, text, text) IS
    'The filters of a search as SQL over a revision r, with the source that the page names and the column it states, each as it stands there.';

CREATE FUNCTION tonggao.found(
    query text, exact boolean, filters text, since date, until date, sort text, count integer, skip integer
) RETURNS TABLE (
    release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
    source_id text, url text, copies bigint, rank real, found_in bigint,
    release_title text, release_url text, release_dated_at timestamptz, matched_in text
)
LANGUAGE plpgsql ROWS 20 COST 10000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB' SET enable_hashjoin = off
SET enable_mergejoin = off SET max_parallel_workers_per_gather = 0 AS $search$
DECLARE
    asked jsonb := tonggao.asked(query, exact);
    words text[] := tonggao.asked_words(asked);
    as_typed boolean := (asked ->> 'exact')::boolean;
    found bigint := CASE WHEN tonggao.asks_for_words(asked) THEN tonggao.counted_files(asked, 20000) ELSE 0 END;
    with_files boolean := found > 0;
    first_hit integer := least(greatest(coalesce(skip, 0), 0), 1000000000);
    number integer := least(greatest(count, 0), 1000000000);
    wanted integer := coalesce(CASE WHEN count IS NOT NULL THEN number END, 1000000000) + first_hit;
    fetched bigint := 3 * wanted::bigint + 10;
    walked boolean;
    size double precision := 100.0 * wanted;
    factor double precision;
    newest timestamptz;
    starts timestamptz := '-infinity';
    hits text;
    in_files text;
    files tonggao.dated_file[];
    hit record;
    given bigint;
    seen bigint[] := '{}';
BEGIN
    IF sort = 'rank' THEN
        RETURN QUERY SELECT * FROM tonggao.ranked_matches(asked, filters, with_files, CASE WHEN count IS NOT NULL THEN number END, first_hit);
        RETURN;
    ELSIF sort <> 'newest' THEN
        RAISE EXCEPTION 'sort is newest or rank, not %', sort USING ERRCODE = 'invalid_parameter_value';
    ELSIF count <= 0 THEN
        RETURN;
    END IF;
    -- The hits of a few pages are looked through one by one; of more, all are taken at once.
    IF count IS NULL OR wanted > 5000 THEN
        hits := format('SELECT * FROM (SELECT DISTINCT ON (release_id) * FROM (%s) h ORDER BY release_id, dated_at DESC, revision_id DESC) d
                        ORDER BY dated_at DESC, revision_id DESC LIMIT %L OFFSET %s',
                       tonggao.with_files(tonggao.hits(asked, filters, wanted), CASE WHEN with_files THEN tonggao.file_hits(asked, filters, wanted) END), CASE WHEN count IS NOT NULL THEN number END, first_hit);
        RETURN QUERY EXECUTE format('SELECT s.*, tonggao.matched_in(h.part, h.title, %L) FROM (%s) h CROSS JOIN LATERAL
            tonggao.shown_hit(h.release_id, h.publication_id, h.title, tonggao.around(h.body, h.folded, %L), h.dated_at, %L, NULL, %L) s
            ORDER BY h.dated_at DESC, h.revision_id DESC', asked, hits, words, words, as_typed);
        RETURN;
    END IF;
    IF with_files THEN
        fetched := wanted::bigint + 10;  -- a text of a file costs more to look into than a page's
        IF tonggao.files_by_index(found, wanted) THEN  -- dated once, whatever windows are looked through
            EXECUTE format('SELECT array_agg(ROW(f.*)::tonggao.dated_file) FROM (%s) AS f', tonggao.dated_files(asked, filters)) INTO files;
            files := coalesce(files, '{}');
        END IF;
    END IF;
    walked := NOT tonggao.asks_for_words(asked) OR tonggao.stands_often(asked, wanted);
    IF NOT walked THEN
        SELECT w.newest, w.starts INTO newest, starts
        FROM tonggao.newest_window(tonggao.filter_condition(since, until, NULL, NULL), size) AS w;
    END IF;
    LOOP
        given := 0;
        hits := CASE WHEN walked THEN tonggao.walked_hits(asked, filters)
                     ELSE tonggao.indexed_hits(asked, tonggao.text_candidates(
                         asked, format('%s AND r.dated_at >= %L', filters, starts)), filters) END;
        in_files := CASE WHEN files IS NOT NULL THEN tonggao.decided_file_hits(
                             format('(SELECT u.* FROM unnest($1) AS u WHERE u.dated_at >= %L ORDER BY u.dated_at DESC, u.revision_id DESC OFFSET 0)', starts), asked, filters)
                         WHEN with_files THEN tonggao.walked_file_hits(asked, format('%s AND r.dated_at >= %L', filters, starts)) END;
        FOR hit IN EXECUTE tonggao.with_files(hits, in_files) || ' LIMIT ' || fetched USING files LOOP
            given := given + 1;
            CONTINUE WHEN hit.release_id = ANY (seen);
            seen := seen || hit.release_id;
            IF cardinality(seen) > first_hit THEN
                RETURN QUERY SELECT s.*, tonggao.matched_in(hit.part, hit.title, asked) FROM tonggao.shown_hit(
                    hit.release_id, hit.publication_id, hit.title, tonggao.around(hit.body, hit.folded, words), hit.dated_at, words, NULL, as_typed) AS s;
            END IF;
            EXIT WHEN cardinality(seen) >= wanted;
        END LOOP;
        EXIT WHEN cardinality(seen) >= wanted OR (given < fetched AND starts = '-infinity');
        IF given = fetched THEN
            fetched := fetched * 4;
        ELSE  -- the window held too few: a wider one by what it held
            factor := greatest(4, 2.0 * wanted / greatest(cardinality(seen), 1));
            starts := tonggao.wider_window(newest, starts, size, factor, given);
            size := size * factor;
        END IF;
    END LOOP;
END
$search$;
COMMENT ON FUNCTION tonggao.found(text, boolean, text, date, date, text, integer, integer) IS
    'What archive.search gives, under filters as SQL over a revision r; since and until are those of the filters.';

CREATE OR REPLACE FUNCTION archive.search(
    query text, since date DEFAULT NULL, until date DEFAULT NULL, region text DEFAULT NULL, source text DEFAULT NULL,
    sort text DEFAULT 'newest', count integer DEFAULT 20, skip integer DEFAULT 0, kind text DEFAULT NULL,
    exact boolean DEFAULT false
) RETURNS TABLE (
    release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
    source_id text, url text, copies bigint, rank real, found_in bigint,
    release_title text, release_url text, release_dated_at timestamptz, matched_in text
)
LANGUAGE plpgsql SECURITY DEFINER ROWS 20 COST 10000 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM tonggao.found(
        query, exact, tonggao.filter_condition(since, until, region, source, kind), since, until, sort, count, skip) AS f;
END
$$;

CREATE FUNCTION archive.search(
    query text, since date, until date, region text, source text, sort text, count integer, skip integer, kind text,
    exact boolean, named_source text, column_name text
) RETURNS TABLE (
    release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
    source_id text, url text, copies bigint, rank real, found_in bigint,
    release_title text, release_url text, release_dated_at timestamptz, matched_in text
)
LANGUAGE plpgsql SECURITY DEFINER ROWS 20 COST 10000 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM tonggao.found(
        query, exact, tonggao.filter_condition(since, until, region, source, kind, named_source, column_name),
        since, until, sort, count, skip) AS f;
END
$$;
COMMENT ON FUNCTION archive.search(text, date, date, text, text, text, integer, integer, text, boolean, text, text) IS
    'The same, of releases whose shown page names this source (来源) and this column, each exactly as it stands there; null: any.';

CREATE FUNCTION archive.matches(
    query text, since date, until date, region text, source text, kind text, exact boolean, named_source text, column_name text
) RETURNS TABLE (release_id bigint, dated_at timestamptz, publication_id bigint)
LANGUAGE sql SECURITY DEFINER COST 100000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB' AS $$
    SELECT m.release_id, m.dated_at, m.publication_id
    FROM tonggao.matching(
        tonggao.asked(query, exact),
        tonggao.filter_condition(since, until, region, source, kind, named_source, column_name)) AS m
$$;
COMMENT ON FUNCTION archive.matches(text, date, date, text, text, text, boolean, text, text) IS
    'All releases that hold the words, under the filters of archive.search with a named source and a column: for counting.';

CREATE FUNCTION archive.search_facets(
    query text, since date, until date, region text, source text, kind text, exact boolean, named_source text, column_name text
) RETURNS TABLE (facet text, code text, name text, parent text, releases bigint)
LANGUAGE sql SECURITY DEFINER ROWS 100 COST 100000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB' AS $$
    WITH hit AS MATERIALIZED (
        SELECT m.release_id, m.publication_id, m.dated_at
        FROM tonggao.matching(tonggao.asked(query, exact), tonggao.filter_condition(since, until, region, source, kind, named_source, column_name)) AS m
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
    SELECT 'region', c.code, tonggao.division_name(c.code),
           CASE WHEN g.code IS NOT NULL THEN g.parent ELSE left(c.code, 2) || '0000' END, c.releases
    FROM place c LEFT JOIN tonggao.region g ON g.code = c.code
    WHERE c.named OR g.code IS NOT NULL  -- Tianjin has no city between it and its districts
    UNION ALL
    SELECT 'source', t.source_id, t.name, t.publisher, count(*) FROM told t GROUP BY t.source_id, t.name, t.publisher
    UNION ALL
    SELECT 'named source', t.named_source, t.named_source, NULL, count(*) FROM told t WHERE t.named_source IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'column', t.column_name, t.column_name, NULL, count(*) FROM told t WHERE t.column_name IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'kind', t.kind, tonggao.kind_name(t.kind), NULL, count(*) FROM told t GROUP BY 2
    UNION ALL
    SELECT 'month', to_char(t.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'),
           to_char(t.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), NULL, count(*) FROM told t GROUP BY 2
    ORDER BY 1, 5 DESC, 2
$$;
COMMENT ON FUNCTION archive.search_facets(text, date, date, text, text, text, boolean, text, text) IS
    'The same counts, of releases whose shown page names this source (来源) and this column; null: any.';

CREATE OR REPLACE FUNCTION archive.search_facets(
    query text, since date DEFAULT NULL, until date DEFAULT NULL, region text DEFAULT NULL, source text DEFAULT NULL,
    kind text DEFAULT NULL, exact boolean DEFAULT false
) RETURNS TABLE (facet text, code text, name text, parent text, releases bigint)
LANGUAGE sql SECURITY DEFINER ROWS 100 COST 100000 SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.facet, f.code, f.name, f.parent, f.releases
    FROM archive.search_facets(query, since, until, region, source, kind, exact, NULL, NULL) AS f
$$;
