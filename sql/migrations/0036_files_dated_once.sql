-- A search that looks into files dates them once, looks into as many as it shows, and cuts snippets from what is near.

CREATE TYPE tonggao.dated_file AS (
    publication_id bigint, release_id bigint, revision_id bigint, valid_from timestamptz, dated_at timestamptz,
    digest bytea, recognised boolean, kind text, url text
);
COMMENT ON TYPE tonggao.dated_file IS 'A file that may hold the words of a query, with the publication that has it.';

CREATE FUNCTION tonggao.dated_files(asked jsonb, filters text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($statement$
        SELECT p.publication_id, p.release_id, r.revision_id, r.valid_from, r.dated_at, f.digest, f.recognised, k.kind, k.url
        FROM (SELECT t.digest, t.recognised FROM tonggao.file_text t WHERE t.state = 'read' AND %s OFFSET 0) AS f
        JOIN tonggao.kept_file k ON k.digest = f.digest
        JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
        JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
        WHERE %s
        ORDER BY r.dated_at DESC, r.revision_id DESC$statement$, tonggao.file_condition(asked), filters)
$$;
COMMENT ON FUNCTION tonggao.dated_files(jsonb, text) IS
    'The statement that gives, newest first, the files of which the index says that they may hold the words.';

CREATE FUNCTION tonggao.decided_file_hits(files text, asked jsonb, filters text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($statement$
        SELECT c.release_id, c.publication_id, v.title, t.body, c.dated_at, c.revision_id,
               CASE WHEN c.recognised THEN 'recognised' ELSE 'file' END AS part, t.folded
        FROM %s AS c
        CROSS JOIN LATERAL (SELECT o.body, o.folded FROM tonggao.file_text o
                            WHERE o.digest = c.digest AND o.recognised = c.recognised OFFSET 0) AS t
        JOIN tonggao.revision v ON v.revision_id = c.revision_id AND v.valid_from = c.valid_from
        JOIN tonggao.publication p ON p.publication_id = c.publication_id
        JOIN tonggao.release e ON e.release_id = c.release_id
        WHERE %s AND tonggao.offers(c.kind, c.url, v.attachments, v.images) AND %s
        ORDER BY c.dated_at DESC, c.revision_id DESC$statement$,
        files, tonggao.deciding_on_files(asked), tonggao.stands_for_release(asked, filters))
$$;
COMMENT ON FUNCTION tonggao.decided_file_hits(text, jsonb, text) IS
    'The statement that gives, newest first, those of some dated files (as SQL) that do hold the words.';

CREATE OR REPLACE FUNCTION tonggao.indexed_file_hits(asked jsonb, filters text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT tonggao.decided_file_hits(format('(%s OFFSET 0)', tonggao.dated_files(asked, filters)), asked, filters)
$$;

CREATE FUNCTION tonggao.files_by_index(found bigint, wanted integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT found < 20000 AND found::double precision * found
           <= 25.0 * wanted * (SELECT greatest(c.reltuples, 1) FROM pg_class c WHERE c.oid = 'tonggao.file_text'::regclass)
$$;
COMMENT ON FUNCTION tonggao.files_by_index(bigint, integer) IS
    'Whether dating each of so many files is quicker than reading files from the newest backwards.';

CREATE OR REPLACE FUNCTION tonggao.file_hits(asked jsonb, filters text, wanted integer) RETURNS text
LANGUAGE sql AS $$
    SELECT CASE WHEN tonggao.files_by_index(tonggao.counted_files(asked, 20000), wanted)
                THEN tonggao.indexed_file_hits(asked, filters) ELSE tonggao.walked_file_hits(asked, filters) END
$$;

DROP FUNCTION tonggao.with_files(text, jsonb, text, integer, boolean);
CREATE FUNCTION tonggao.with_files(hits text, file_hits text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('SELECT h.*, ''body''::text AS part, NULL::text AS folded FROM (%s) AS h', hits)
           || CASE WHEN file_hits IS NULL THEN ''
                   ELSE format(' UNION ALL SELECT f.* FROM (%s) AS f ORDER BY dated_at DESC, revision_id DESC', file_hits) END
$$;
COMMENT ON FUNCTION tonggao.with_files(text, text) IS
    'Hits in texts and hits in files (null: none are) as one statement, newest first.';

-- Mostly a word stands in the text as it was folded: then nothing need be folded.
CREATE OR REPLACE FUNCTION tonggao.around(body text, folded text, words text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    place integer;
    part text;
BEGIN
    IF length(folded) > 600 THEN
        SELECT min(p) INTO place FROM unnest(words) AS w, position(w IN folded) AS p WHERE p > 0;
        part := substr(body, greatest(1, place - 120), 400);
        IF EXISTS (SELECT FROM unnest(words) AS w WHERE position(w IN part) > 0)
           OR EXISTS (SELECT FROM unnest(words) AS w WHERE position(w IN archive.fold(part)) > 0) THEN
            RETURN part;
        END IF;
    END IF;
    RETURN body;
END
$$;

COMMENT ON COLUMN tonggao.file_text.complete IS 'Whether all that the content says is here: no limit cut it, no page of it is missing or a picture, each file in it was read.';
COMMENT ON COLUMN archive.files.complete IS 'Whether the text is all that the file says: no limit cut it, no page of it is missing or a picture, each file in it was read.';

CREATE OR REPLACE FUNCTION archive.search(query text, since date DEFAULT NULL::date, until date DEFAULT NULL::date, region text DEFAULT NULL::text, source text DEFAULT NULL::text, sort text DEFAULT 'newest'::text, count integer DEFAULT 20, skip integer DEFAULT 0, kind text DEFAULT NULL::text, exact boolean DEFAULT false) RETURNS TABLE(release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamp with time zone, source_id text, url text, copies bigint, rank real, found_in bigint, release_title text, release_url text, release_dated_at timestamp with time zone, matched_in text)
    LANGUAGE plpgsql SECURITY DEFINER COST 10000 ROWS 20
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '128MB'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET max_parallel_workers_per_gather TO '0'
    AS $$
DECLARE
    asked jsonb := tonggao.asked(query, exact);
    words text[] := tonggao.asked_words(asked);
    as_typed boolean := (asked ->> 'exact')::boolean;
    found bigint := CASE WHEN tonggao.asks_for_words(asked) THEN tonggao.counted_files(asked, 20000) ELSE 0 END;
    with_files boolean := found > 0;
    filters text := tonggao.filter_condition(since, until, region, source, kind);
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
$$;
