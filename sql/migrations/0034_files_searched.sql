-- What files say is searched. A file is a text of its own: the words of a query stand in headline and text of a
-- publication, or in what one of its files says.

-- Kept folded, for to fold twenty pages takes 5 ms, and a search looks into many that prove not to hold its words.
ALTER TABLE tonggao.file_text ADD COLUMN folded text COLLATE "C" GENERATED ALWAYS AS (archive.fold(body)) STORED;
ALTER TABLE tonggao.file_text ALTER COLUMN folded SET STORAGE EXTERNAL;  -- unpacking was most of a look's time
COMMENT ON COLUMN tonggao.file_text.folded IS 'The text as search compares it, see archive.fold.';
CREATE INDEX file_text_by_words ON tonggao.file_text USING gin (tonggao.tokens(folded))
    WITH (gin_pending_list_limit = 16384);

-- To count how common words are would cost 20 ms a file; few files tell enough, for searches count in the index itself.
ALTER TABLE tonggao.file_text
    ALTER COLUMN digest SET STATISTICS 3, ALTER COLUMN recognised SET STATISTICS 3, ALTER COLUMN state SET STATISTICS 3,
    ALTER COLUMN detail SET STATISTICS 3, ALTER COLUMN body SET STATISTICS 3, ALTER COLUMN heading SET STATISTICS 3,
    ALTER COLUMN pages SET STATISTICS 3, ALTER COLUMN complete SET STATISTICS 3, ALTER COLUMN confidence SET STATISTICS 3,
    ALTER COLUMN reader SET STATISTICS 3, ALTER COLUMN read_at SET STATISTICS 3,
    ALTER COLUMN folded SET STATISTICS 3;
ALTER TABLE tonggao.file_text SET (autovacuum_analyze_scale_factor = 0.5, toast_tuple_target = 256);
ALTER INDEX tonggao.file_text_by_words ALTER COLUMN 1 SET STATISTICS 3;

CREATE FUNCTION tonggao.no_hits() RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'SELECT NULL::bigint AS release_id, NULL::bigint AS publication_id, NULL::text AS title, NULL::text AS body,
                   NULL::timestamptz AS dated_at, NULL::bigint AS revision_id, NULL::text AS part, NULL::text AS folded WHERE false'
$$;
COMMENT ON FUNCTION tonggao.no_hits() IS 'The statement that gives no hit.';

CREATE FUNCTION tonggao.file_condition(asked jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT tonggao.index_condition(asked -> 'folded', 't.folded')
$$;
COMMENT ON FUNCTION tonggao.file_condition(jsonb) IS 'What the index of files'' texts is asked: a superset of those that are wanted.';

CREATE FUNCTION tonggao.deciding_on_files(asked jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN (asked ->> 'exact')::boolean
        THEN tonggao.exact_condition(asked -> 'typed', 'lower(t.body COLLATE "C")')
        ELSE tonggao.exact_condition(asked -> 'folded', 't.folded') END
$$;
COMMENT ON FUNCTION tonggao.deciding_on_files(jsonb) IS 'What decides, as SQL over a text of a file, t: the words are, or are not, in it.';

CREATE FUNCTION tonggao.counted_files(asked jsonb, most integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT FROM tonggao.file_text t WHERE %s LIMIT %s) AS n',
                   tonggao.file_condition(asked), most) INTO found;
    RETURN found;
END
$$;
COMMENT ON FUNCTION tonggao.counted_files(jsonb, integer) IS 'How many texts of files the index gives for a query, counted up to a number.';

CREATE FUNCTION tonggao.files_hold(asked jsonb) RETURNS boolean
LANGUAGE sql AS $$
    SELECT tonggao.counted_files(asked, 1) > 0
$$;
COMMENT ON FUNCTION tonggao.files_hold(jsonb) IS 'Whether any file may hold the words of a query.';

CREATE OR REPLACE FUNCTION tonggao.stands_for_release(asked jsonb, filters text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT format($statement$(e.canonical_id = p.publication_id OR 0 = (
            SELECT count(*) FROM tonggao.publication q
            JOIN tonggao.revision r ON r.revision_id = q.revision_id AND r.valid_from = q.revision_from
            WHERE q.publication_id = e.canonical_id AND %s AND (%s OR %s)))$statement$,
        filters, tonggao.deciding_condition(asked, 'r.title || E''\n'' || r.body'),
        CASE WHEN tonggao.asks_for_words(asked) THEN format(
            'EXISTS (SELECT FROM tonggao.kept_file k JOIN tonggao.file_text t ON t.digest = k.digest
                     WHERE k.page_digest = tonggao.digest_of(q.url) AND t.state = ''read'' AND %s)',
            tonggao.deciding_on_files(asked)) ELSE 'false' END)
$$;

CREATE FUNCTION tonggao.offers(kind text, url text, attachments jsonb, images jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE kind WHEN 'attachment' THEN attachments ELSE images END @> jsonb_build_array(jsonb_build_object('url', url))
$$;
COMMENT ON FUNCTION tonggao.offers(text, text, jsonb, jsonb) IS 'Whether a text of a publication offers, or shows, the file of an address.';

CREATE FUNCTION tonggao.indexed_file_hits(asked jsonb, filters text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($statement$
        SELECT c.release_id, c.publication_id, c.title, t.body, c.dated_at, c.revision_id,
               CASE WHEN c.recognised THEN 'recognised' ELSE 'file' END AS part, t.folded
        FROM (SELECT p.release_id, p.publication_id, r.title, r.dated_at, r.revision_id, f.digest, f.recognised
              FROM (SELECT t.digest, t.recognised FROM tonggao.file_text t WHERE t.state = 'read' AND %s OFFSET 0) AS f
              JOIN tonggao.kept_file k ON k.digest = f.digest
              JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
              JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
              WHERE %s AND tonggao.offers(k.kind, k.url, r.attachments, r.images)
              ORDER BY r.dated_at DESC, r.revision_id DESC OFFSET 0) AS c
        CROSS JOIN LATERAL (SELECT o.body, o.folded FROM tonggao.file_text o
                            WHERE o.digest = c.digest AND o.recognised = c.recognised OFFSET 0) AS t
        JOIN tonggao.publication p ON p.publication_id = c.publication_id
        JOIN tonggao.release e ON e.release_id = p.release_id
        WHERE %s AND %s
        ORDER BY c.dated_at DESC, c.revision_id DESC$statement$,
        tonggao.file_condition(asked), filters, tonggao.deciding_on_files(asked),
        tonggao.stands_for_release(asked, filters))
$$;
COMMENT ON FUNCTION tonggao.indexed_file_hits(jsonb, text) IS
    'The statement that gives, newest first, the publications of which a file holds the words; by the index.';

CREATE FUNCTION tonggao.walked_file_hits(asked jsonb, filters text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($statement$
        SELECT p.release_id, p.publication_id, v.title, t.body, c.dated_at, c.revision_id,
               CASE WHEN t.recognised THEN 'recognised' ELSE 'file' END AS part, t.folded
        FROM (SELECT r.revision_id, r.valid_from, r.publication_id, r.dated_at FROM tonggao.revision r
              WHERE %s ORDER BY r.dated_at DESC, r.revision_id DESC OFFSET 0) AS c
        JOIN tonggao.publication p ON p.publication_id = c.publication_id AND p.revision_id = c.revision_id
        JOIN tonggao.release e ON e.release_id = p.release_id
        JOIN tonggao.kept_file k ON k.page_digest = tonggao.digest_of(p.url)
        JOIN tonggao.file_text t ON t.digest = k.digest AND t.state = 'read'
        JOIN tonggao.revision v ON v.revision_id = c.revision_id AND v.valid_from = c.valid_from
        WHERE tonggao.offers(k.kind, k.url, v.attachments, v.images) AND %s AND %s
        ORDER BY c.dated_at DESC, c.revision_id DESC$statement$,
        filters, tonggao.deciding_on_files(asked), tonggao.stands_for_release(asked, filters))
$$;
COMMENT ON FUNCTION tonggao.walked_file_hits(jsonb, text) IS
    'The same answer, read from the newest revision backwards.';

-- By the index each file is dated, whatever it says; a walk reads only as many files as it needs, but reads them.
CREATE FUNCTION tonggao.file_hits(asked jsonb, filters text, wanted integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    most constant integer := 20000;
    found double precision := tonggao.counted_files(asked, most);
    stored double precision := (SELECT greatest(c.reltuples, 1) FROM pg_class c WHERE c.oid = 'tonggao.file_text'::regclass);
BEGIN
    IF found >= most OR found * found > 25.0 * wanted * stored THEN
        RETURN tonggao.walked_file_hits(asked, filters);
    END IF;
    RETURN tonggao.indexed_file_hits(asked, filters);
END
$$;
COMMENT ON FUNCTION tonggao.file_hits(jsonb, text, integer) IS
    'The statement that gives, newest first, the publications of which a file holds the words; the quicker of both ways.';

CREATE FUNCTION tonggao.with_files(hits text, asked jsonb, filters text, wanted integer, with_files boolean) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT with_files THEN
        RETURN format('SELECT h.*, ''body''::text AS part, NULL::text AS folded FROM (%s) AS h', hits);
    END IF;
    RETURN format('SELECT h.*, ''body''::text AS part, NULL::text AS folded FROM (%s) AS h UNION ALL SELECT f.* FROM (%s) AS f
                   ORDER BY dated_at DESC, revision_id DESC', hits, tonggao.file_hits(asked, filters, wanted));
END
$$;
COMMENT ON FUNCTION tonggao.with_files(text, jsonb, text, integer, boolean) IS
    'Hits in texts and hits in files as one statement, newest first.';

-- To fold twenty pages for a snippet of 60 signs takes 5 ms: a part is cut out first, where the folded text has the word.
CREATE FUNCTION tonggao.around(body text, folded text, words text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    place integer;
    part text;
BEGIN
    IF length(folded) > 1500 THEN
        SELECT min(p) INTO place FROM unnest(words) AS w, position(w IN folded) AS p WHERE p > 0;
        part := substr(body, greatest(1, place - 300), 900);
        IF EXISTS (SELECT FROM unnest(words) AS w WHERE position(w IN archive.fold(part)) > 0) THEN
            RETURN part;
        END IF;
    END IF;
    RETURN body;
END
$$;
COMMENT ON FUNCTION tonggao.around(text, text, text[]) IS
    'The part of a long text in which one of some words stands; all of it where it is short, or folding moved the word far.';

CREATE FUNCTION tonggao.matched_in(part text, title text, asked jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    holds boolean;
BEGIN
    IF part <> 'body' THEN
        RETURN part;
    ELSIF NOT tonggao.asks_for_words(asked) THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT %s FROM (SELECT $1 AS title) AS t', tonggao.deciding_condition(asked, 't.title')) INTO holds USING title;
    RETURN CASE WHEN holds THEN 'title' ELSE 'body' END;
END
$$;
COMMENT ON FUNCTION tonggao.matched_in(text, text, jsonb) IS
    'Where a hit holds the words: title where the headline alone does, else body, file or recognised; null where no word is asked for.';

CREATE FUNCTION tonggao.ranked_matches(asked jsonb, filters text, with_files boolean, wanted integer, skipped integer)
RETURNS TABLE (release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
               source_id text, url text, copies bigint, rank real, found_in bigint,
               release_title text, release_url text, release_dated_at timestamptz, matched_in text)
LANGUAGE plpgsql AS $$
DECLARE
    exact boolean := (asked ->> 'exact')::boolean;
BEGIN
    RETURN QUERY EXECUTE format($statement$
        WITH hit AS MATERIALIZED (
            SELECT u.*, 'body'::text AS part, NULL::text AS folded FROM ((%s LIMIT 500) UNION ALL (%s LIMIT 500)) AS u
            UNION ALL (%s LIMIT 100)
        ), scored AS MATERIALIZED (
            SELECT h.*, tonggao.score(%L, h.title, CASE WHEN h.part = 'body' THEN h.body ELSE left(h.body, 3000) END, %L) AS score FROM hit h
        ), best AS MATERIALIZED (
            SELECT DISTINCT ON (h.release_id) h.* FROM scored h ORDER BY h.release_id, h.score DESC, h.dated_at DESC
        ), top AS MATERIALIZED (
            SELECT * FROM best ORDER BY score DESC, dated_at DESC, revision_id DESC LIMIT %L OFFSET %L
        )
        SELECT s.*, tonggao.matched_in(t.part, t.title, %L) FROM top t CROSS JOIN LATERAL
            tonggao.shown_hit(t.release_id, t.publication_id, t.title, tonggao.around(t.body, t.folded, %L), t.dated_at, %L, t.score, %L) s
        ORDER BY s.rank DESC, t.dated_at DESC, t.revision_id DESC$statement$,
        tonggao.indexed_hits(asked, tonggao.candidates(asked, 'r.title', 'revision_by_folded_title', filters), filters),
        tonggao.hits(asked, filters, 500),
        CASE WHEN with_files THEN tonggao.file_hits(asked, filters, 100) ELSE tonggao.no_hits() END,
        asked, exact, wanted, skipped, asked, tonggao.asked_words(asked), tonggao.asked_words(asked), exact);
END
$$;
COMMENT ON FUNCTION tonggao.ranked_matches(jsonb, text, boolean, integer, integer) IS
    'The 500 newest hits in headlines, the 500 newest in texts and the 100 newest in files, best first.';


-- A view of the user's own may read the function with the columns it had: it stays for it, under another name and schema.
ALTER FUNCTION archive.search(text, date, date, text, text, text, integer, integer, text, boolean) SET SCHEMA tonggao;
ALTER FUNCTION tonggao.search(text, date, date, text, text, text, integer, integer, text, boolean) RENAME TO search_before_files;

-- work_mem: a bitmap of hits that does not fit becomes lossy, and then the tokens of every text on its
-- pages would be computed again.
CREATE FUNCTION archive.search(
    query text,
    since date DEFAULT NULL,
    until date DEFAULT NULL,
    region text DEFAULT NULL,
    source text DEFAULT NULL,
    sort text DEFAULT 'newest',
    count integer DEFAULT 20,
    skip integer DEFAULT 0,
    kind text DEFAULT NULL,
    exact boolean DEFAULT false
) RETURNS TABLE (
    release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
    source_id text, url text, copies bigint, rank real, found_in bigint,
    release_title text, release_url text, release_dated_at timestamptz, matched_in text
)
LANGUAGE plpgsql SECURITY DEFINER ROWS 20 COST 10000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB'
SET enable_hashjoin = off SET enable_mergejoin = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    asked jsonb := tonggao.asked(query, exact);
    words text[] := tonggao.asked_words(asked);
    as_typed boolean := (asked ->> 'exact')::boolean;
    with_files boolean := tonggao.asks_for_words(asked) AND tonggao.files_hold(asked);
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
                       tonggao.with_files(tonggao.hits(asked, filters, wanted), asked, filters, wanted, with_files), CASE WHEN count IS NOT NULL THEN number END, first_hit);
        RETURN QUERY EXECUTE format('SELECT s.*, tonggao.matched_in(h.part, h.title, %L) FROM (%s) h CROSS JOIN LATERAL
            tonggao.shown_hit(h.release_id, h.publication_id, h.title, tonggao.around(h.body, h.folded, %L), h.dated_at, %L, NULL, %L) s
            ORDER BY h.dated_at DESC, h.revision_id DESC', asked, hits, words, words, as_typed);
        RETURN;
    END IF;
    IF with_files THEN
        fetched := wanted::bigint + 10;  -- a text of a file costs more to look into than a page's
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
        hits := tonggao.with_files(hits, asked, format('%s AND r.dated_at >= %L', filters, starts), wanted, with_files);
        FOR hit IN EXECUTE hits || ' LIMIT ' || fetched LOOP
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
COMMENT ON FUNCTION archive.search(text, date, date, text, text, text, integer, integer, text, boolean) IS
    'Releases that hold the words in one text, be it headline and text of a publication or what one of its files says; each once: as its canonical publication where that matches, else as the newest copy that does; title, url, dated_at, source_id and publication_id are of that one, and dated_at is what is filtered and sorted by. Query: blank is AND, OR or | is either, - is without, "…" is a phrase. sort: newest or rank (headline first; among the 1000 newest hits). count null gives all. kind: of publisher, such as gov-portal. Words are found in any form (see archive.fold); exact: only as typed, A-Z in either case. matched_in: title, body, file, or recognised (in a picture, by recognition); null where no word is asked for.';

CREATE OR REPLACE FUNCTION tonggao.matching(asked jsonb, filters text)
RETURNS TABLE (release_id bigint, publication_id bigint, dated_at timestamptz)
LANGUAGE plpgsql ROWS 1000 COST 100000 AS $$
DECLARE
    candidates text := tonggao.text_candidates(asked, filters);
BEGIN
    -- Of a word that stands in three of four texts, reading them all is quicker than the index. The hits come
    -- first: PostgreSQL takes the join by two keys for one row, and would compare every release with each.
    IF tonggao.asks_for_words(asked)
       AND tonggao.estimated_rows(tonggao.text_candidates(asked, 'true')) > 0.75 * tonggao.stored_revisions() THEN
        candidates := tonggao.text_candidates('{"folded": [], "typed": []}', filters);
    END IF;
    RETURN QUERY EXECUTE format($statement$
        WITH hit AS MATERIALIZED (
            SELECT p.release_id, p.publication_id, c.dated_at, c.revision_id
            FROM (%s) AS c
            JOIN tonggao.publication p ON p.publication_id = c.publication_id AND p.revision_id = c.revision_id
            WHERE %s
            UNION ALL
            SELECT f.release_id, f.publication_id, f.dated_at, f.revision_id FROM (%s) AS f)
        SELECT DISTINCT ON (h.release_id) h.release_id, h.publication_id, h.dated_at
        FROM hit h JOIN tonggao.release e USING (release_id)
        ORDER BY h.release_id, (e.canonical_id = h.publication_id) DESC, h.dated_at DESC, h.revision_id DESC$statement$,
        candidates, tonggao.deciding_condition(asked, 'c.title || E''\n'' || c.body'),
        CASE WHEN tonggao.asks_for_words(asked) AND tonggao.files_hold(asked)
             THEN tonggao.indexed_file_hits(asked, filters) ELSE tonggao.no_hits() END);
END
$$;

CREATE OR REPLACE FUNCTION tonggao.search_before_files(
    query text, since date DEFAULT NULL, until date DEFAULT NULL, region text DEFAULT NULL, source text DEFAULT NULL,
    sort text DEFAULT 'newest', count integer DEFAULT 20, skip integer DEFAULT 0, kind text DEFAULT NULL,
    exact boolean DEFAULT false
) RETURNS TABLE (
    release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
    source_id text, url text, copies bigint, rank real, found_in bigint,
    release_title text, release_url text, release_dated_at timestamptz
)
LANGUAGE sql SECURITY DEFINER ROWS 20 COST 10000 SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.release_id, s.publication_id, s.title, s.snippet, s.dated_at, s.source_id, s.url, s.copies, s.rank, s.found_in,
           s.release_title, s.release_url, s.release_dated_at
    FROM archive.search(query, since, until, region, source, sort, count, skip, kind, exact) AS s
$$;
ALTER FUNCTION tonggao.search_before_files(text, date, date, text, text, text, integer, integer, text, boolean) RESET ALL;
ALTER FUNCTION tonggao.search_before_files(text, date, date, text, text, text, integer, integer, text, boolean)
    SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION tonggao.search_before_files(text, date, date, text, text, text, integer, integer, text, boolean) IS
    'archive.search with the columns it had before: for views that were made then.';

DROP FUNCTION tonggao.ranked_hits(jsonb, text, integer, integer);
