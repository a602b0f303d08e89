-- A search is bounded whatever it is asked: a query has a length, and count and skip are sane.

CREATE FUNCTION tonggao.bounded_query(query text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF length(query) > 1000 THEN
        RAISE EXCEPTION 'a query has at most 1000 characters, not %', length(query)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN coalesce(query, '');
END
$$;
COMMENT ON FUNCTION tonggao.bounded_query(text) IS 'A query as it is read: null asks for everything, a longer one than 1000 characters is refused.';

CREATE OR REPLACE FUNCTION archive.search(
    query text,
    since date DEFAULT NULL,
    until date DEFAULT NULL,
    region text DEFAULT NULL,
    source text DEFAULT NULL,
    sort text DEFAULT 'newest',
    count integer DEFAULT 20,
    skip integer DEFAULT 0
) RETURNS TABLE (
    release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
    source_id text, url text, copies bigint, rank real, found_in bigint
)
LANGUAGE plpgsql SECURITY DEFINER ROWS 20 COST 10000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB'
SET enable_hashjoin = off SET enable_mergejoin = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    conditions jsonb := tonggao.read_query(tonggao.bounded_query(query));
    filters text := tonggao.filter_condition(since, until, region, source);
    first_hit integer := least(greatest(coalesce(skip, 0), 0), 1000000000);
    number integer := least(greatest(count, 0), 1000000000);
    wanted integer := coalesce(CASE WHEN count IS NOT NULL THEN number END, 1000000000) + first_hit;
    fetched bigint := 3 * wanted::bigint + 10;
    indexed text := tonggao.index_condition(conditions, 'r.title || E''\n'' || r.body');
    walked boolean;
    size double precision := 100.0 * wanted;
    factor double precision;
    newest timestamptz;
    starts timestamptz := '-infinity';
    hits text;
    hit record;
    given bigint;
    seen bigint[] := '{}';
BEGIN
    IF sort = 'rank' THEN
        RETURN QUERY SELECT * FROM tonggao.ranked(conditions, filters, CASE WHEN count IS NOT NULL THEN number END, first_hit);
        RETURN;
    ELSIF sort <> 'newest' THEN
        RAISE EXCEPTION 'sort is newest or rank, not %', sort USING ERRCODE = 'invalid_parameter_value';
    ELSIF count <= 0 THEN
        RETURN;
    END IF;
    -- The hits of a few pages are looked through one by one; of more, all are taken at once.
    IF count IS NULL OR wanted > 5000 THEN
        hits := format('SELECT * FROM (SELECT DISTINCT ON (release_id) * FROM (%s) h ORDER BY release_id, dated_at DESC) d
                        ORDER BY dated_at DESC, release_id DESC LIMIT %L OFFSET %s',
                       tonggao.hits(conditions, filters, wanted), CASE WHEN count IS NOT NULL THEN number END, first_hit);
        RETURN QUERY EXECUTE format('SELECT s.* FROM (%s) h CROSS JOIN LATERAL
            tonggao.shown(h.release_id, h.publication_id, h.title, h.body, %L, NULL) s', hits, tonggao.words(conditions));
        RETURN;
    END IF;
    walked := indexed IS NULL OR tonggao.stands_often(indexed, wanted);
    IF NOT walked THEN
        SELECT w.newest, w.starts INTO newest, starts
        FROM tonggao.newest_window(tonggao.filter_condition(since, until, NULL, NULL), size) AS w;
    END IF;
    LOOP
        given := 0;
        hits := CASE WHEN walked THEN tonggao.walked_hits(conditions, filters)
                     ELSE tonggao.indexed_hits(conditions, indexed, format('%s AND r.dated_at >= %L', filters, starts)) END;
        FOR hit IN EXECUTE hits || ' LIMIT ' || fetched LOOP
            given := given + 1;
            CONTINUE WHEN hit.release_id = ANY (seen);
            seen := seen || hit.release_id;
            IF cardinality(seen) > first_hit THEN
                RETURN QUERY SELECT * FROM tonggao.shown(
                    hit.release_id, hit.publication_id, hit.title, hit.body, tonggao.words(conditions), NULL);
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
$$;

CREATE OR REPLACE FUNCTION archive.matches(
    query text, since date DEFAULT NULL, until date DEFAULT NULL, region text DEFAULT NULL, source text DEFAULT NULL
) RETURNS TABLE (release_id bigint, dated_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER ROWS 1000 COST 100000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB' AS $$
DECLARE
    conditions jsonb := tonggao.read_query(tonggao.bounded_query(query));
    indexed text := coalesce(tonggao.index_condition(conditions, 'r.title || E''\n'' || r.body'), 'true');
BEGIN
    -- Of a word that stands in every tenth text, reading them all is quicker than the index. The hits come
    -- first: PostgreSQL takes the join by two keys for one row, and would compare every release with each.
    IF 10 * tonggao.estimated_rows('SELECT FROM tonggao.revision r WHERE ' || indexed) > tonggao.stored_revisions() THEN
        indexed := 'true';
    END IF;
    RETURN QUERY EXECUTE format($statement$
        WITH hit AS MATERIALIZED (
            SELECT DISTINCT p.release_id
            FROM tonggao.revision r
            JOIN tonggao.publication p ON p.publication_id = r.publication_id AND p.revision_id = r.revision_id
            WHERE %s AND %s AND %s)
        SELECT e.release_id, e.dated_at
        FROM hit JOIN tonggao.release e USING (release_id)$statement$,
        indexed, tonggao.filter_condition(since, until, region, source),
        tonggao.exact_condition(conditions, 'lower((r.title || E''\n'' || r.body) COLLATE "C")'));
END
$$;
