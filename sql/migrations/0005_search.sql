-- Search without an extension and without a locale: every character and every pair of neighbours is
-- a number; a GIN index over those numbers finds candidates, and the text itself decides.

-- ascii() gives the code point in a UTF-8 database; code points beyond the BMP fold, which only adds
-- candidates. A-Z fold to a-z through the C collation. Two sets in a select list walk side by side
-- without a store between (0.12 ms for 880 characters; 0.24 ms when joined in FROM). COST tells the
-- planner never to compute it for a row when an index can answer.
CREATE FUNCTION tonggao.tokens(content text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000000
AS $$
DECLARE
    folded text := lower(content COLLATE "C");
BEGIN
    RETURN (
        SELECT coalesce(array_cat(array_agg(one | two) FILTER (WHERE two IS NOT NULL), array_agg(one)), '{}')
        FROM (
            SELECT pg_catalog.ascii(unnest(string_to_array(folded, NULL))) << 16 AS one,
                   pg_catalog.ascii(unnest(string_to_array(substr(folded, 2), NULL))) & 65535 AS two
        ) AS pair
    );
END
$$;
COMMENT ON FUNCTION tonggao.tokens(text) IS 'Numbers of every character and of every two neighbours: what the search index holds.';

CREATE FUNCTION tonggao.word_tokens(word text) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT CASE WHEN length(word) = 1 THEN tonggao.tokens(word)
                ELSE (tonggao.tokens(word))[1:length(word) - 1] END
$$;
COMMENT ON FUNCTION tonggao.word_tokens(text) IS 'Numbers that every text holding the word has: its pairs, or its single character.';

-- New entries wait in a list that every search reads in full, 0.7 ms a megabyte, in each quarter that is
-- being written to. A long list is taken in for less: its texts share most of their 900 entries (at
-- 200 000 releases a text costs 1.1 ms among 500 others, 3 ms among 50). Writers of many take it in
-- beside their writing; the limit is for those who write page by page.
CREATE INDEX revision_by_words ON tonggao.revision
    USING gin (tonggao.tokens(title || E'\n' || body)) WITH (gin_pending_list_limit = 16384);
CREATE INDEX revision_by_title ON tonggao.revision
    USING gin (tonggao.tokens(title)) WITH (gin_pending_list_limit = 1024);

-- The search chooses its way by how common the words are; the default of 100 would keep the 1000 most
-- common pairs of characters, which says nothing of those that stand in one text of thirty. The
-- setting is not inherited by a partition's index, so it is made with each partition.
CREATE FUNCTION tonggao.prepare_search(part text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    words regclass;
BEGIN
    FOR words IN
        SELECT i.indexrelid FROM pg_index i
        WHERE i.indrelid = format('tonggao.%I', part)::regclass AND pg_get_indexdef(i.indexrelid) LIKE '%|| body%'
    LOOP
        EXECUTE format('ALTER INDEX %s ALTER COLUMN 1 SET STATISTICS 200', words);
    END LOOP;
END
$$;
COMMENT ON FUNCTION tonggao.prepare_search(text) IS 'Makes ANALYZE keep enough of how common pairs of characters are.';

-- Blank means AND; OR or | between two words means either; - or NOT before a word means without it;
-- "…" or “…” holds a phrase together.
CREATE FUNCTION tonggao.read_query(query text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    piece text[];
    word text;
    bare text;
    conditions jsonb := '[]';
    negative boolean := false;
    either boolean := false;
BEGIN
    FOR piece IN
        SELECT m FROM regexp_matches(
            query, '(-?)(?:["“”]([^"“”]+)["“”]|([^[:space:]"“”|　]+)|(\|))', 'g') AS m
    LOOP
        bare := upper(coalesce(piece[3], piece[4]) COLLATE "C");
        word := lower(btrim(coalesce(piece[2], piece[3], ''), E' \t　') COLLATE "C");
        IF bare IN ('AND', '&') THEN
            CONTINUE;
        ELSIF bare IN ('OR', '|') THEN
            either := true;
            CONTINUE;
        ELSIF bare = 'NOT' THEN
            negative := true;
            CONTINUE;
        ELSIF word = '' THEN
            CONTINUE;
        ELSIF negative OR piece[1] = '-' THEN
            conditions := conditions || jsonb_build_array(jsonb_build_object('none', jsonb_build_array(word)));
        ELSIF either AND conditions -> -1 ? 'any' THEN
            conditions := jsonb_set(conditions, '{-1,any}', (conditions -> -1 -> 'any') || to_jsonb(word));
        ELSE
            conditions := conditions || jsonb_build_array(jsonb_build_object('any', jsonb_build_array(word)));
        END IF;
        negative := false;
        either := false;
    END LOOP;
    RETURN conditions;
END
$$;
COMMENT ON FUNCTION tonggao.read_query(text) IS
    'Reads a query into conditions that must all hold: {"any": [words]} or {"none": [words]}.';

CREATE FUNCTION tonggao.exact_condition(conditions jsonb, content text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(
        CASE WHEN condition ? 'any'
             THEN '(' || (SELECT string_agg(format('position(%L in %s) > 0', word, content), ' OR ')
                          FROM jsonb_array_elements_text(condition -> 'any') AS word) || ')'
             ELSE (SELECT string_agg(format('position(%L in %s) = 0', word, content), ' AND ')
                   FROM jsonb_array_elements_text(condition -> 'none') AS word)
        END, ' AND '), 'true')
    FROM jsonb_array_elements(conditions) AS condition
$$;
COMMENT ON FUNCTION tonggao.exact_condition(jsonb, text) IS
    'What decides, as SQL over an expression in small letters: the words are, or are not, in it.';

-- Conditions of a single word become one array, so that the index starts from the rarest pair of all.
CREATE FUNCTION tonggao.index_condition(conditions jsonb, content text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH positive AS (
        SELECT condition -> 'any' AS words
        FROM jsonb_array_elements(conditions) AS condition WHERE condition ? 'any'
    ), single AS (
        SELECT array_agg(DISTINCT token) AS tokens
        FROM positive, unnest(tonggao.word_tokens(words ->> 0)) AS token
        WHERE jsonb_array_length(words) = 1
    ), parts AS (
        SELECT format('tonggao.tokens(%s) OPERATOR(pg_catalog.@>) %L::integer[]', content, tokens) AS part
        FROM single WHERE tokens IS NOT NULL
        UNION ALL
        SELECT '(' || (SELECT string_agg(format('tonggao.tokens(%s) OPERATOR(pg_catalog.@>) %L::integer[]',
                                                content, tonggao.word_tokens(word)), ' OR ')
                       FROM jsonb_array_elements_text(words) AS word) || ')'
        FROM positive WHERE jsonb_array_length(words) > 1
    )
    SELECT string_agg(part, ' AND ') FROM parts
$$;
COMMENT ON FUNCTION tonggao.index_condition(jsonb, text) IS
    'What the index answers: a superset of the texts that are wanted; null when no word is asked for.';

CREATE FUNCTION tonggao.filter_condition(since date, until date, region text, source text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' AND ', 'true',
        'r.dated_at >= ' || quote_literal(since::timestamp AT TIME ZONE 'Asia/Shanghai'),
        'r.dated_at < ' || quote_literal((until + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
        'r.source_id = ' || quote_literal(source),
        replace('(EXISTS (SELECT FROM unnest(r.region) AS code WHERE code LIKE ~)'
                ' OR r.source_id IN (SELECT s.source_id FROM tonggao.source s WHERE s.region LIKE ~))',
                '~', quote_literal(regexp_replace(region, '(00){1,2}$', '') || '%')))
$$;
COMMENT ON FUNCTION tonggao.filter_condition(date, date, text, text) IS
    'The filters of a search as SQL. Days are of Asia/Shanghai; a region stands for all below it (120000: 12xxxx).';

-- Volatile, for EXPLAIN is refused elsewhere; so everything that calls it is volatile too.
CREATE FUNCTION tonggao.estimated_rows(statement text) RETURNS double precision
LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || statement INTO plan;
    RETURN (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision;
END
$$;
COMMENT ON FUNCTION tonggao.estimated_rows(text) IS 'How many rows the planner expects of a statement.';

CREATE FUNCTION tonggao.stored_revisions() RETURNS double precision
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::double precision
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'tonggao.revision'::regclass
$$;
COMMENT ON FUNCTION tonggao.stored_revisions() IS 'How many revisions there are, as ANALYZE last counted them.';

-- Two ways to the newest hits. Revisions are read from the newest backwards until enough of them hold
-- the words: 12 us each. Or the index gives all hits, 0.1 us each, of which only the newest are looked
-- at, 2 ms in all (measured at 200 000 releases). The first is quicker for words of every twentieth text.
CREATE FUNCTION tonggao.stands_often(indexed text, wanted integer) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    hits double precision := tonggao.estimated_rows('SELECT FROM tonggao.revision r WHERE ' || indexed);
BEGIN
    RETURN 12.0 * wanted * tonggao.stored_revisions() < hits * (0.1 * hits + 2000);
END
$$;
COMMENT ON FUNCTION tonggao.stands_often(text, integer) IS
    'Whether reading texts from the newest backwards finds the wanted number sooner than the index does.';

-- The index cannot give its hits by date, and to read the dates of 20 000 hits takes 30 ms. So it is
-- asked together with the dates of the newest revisions: PostgreSQL intersects both before it reads a row.
CREATE FUNCTION tonggao.newest_window(dates text, size double precision, OUT newest timestamptz, OUT starts timestamptz)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF 4 * size < tonggao.stored_revisions() THEN
        EXECUTE format('SELECT max(d), min(d) FROM (SELECT r.dated_at AS d FROM tonggao.revision r WHERE %s
                        ORDER BY r.dated_at DESC LIMIT %s) AS newest', dates, ceil(size)) INTO newest, starts;
    END IF;
    starts := coalesce(starts, '-infinity');
END
$$;
COMMENT ON FUNCTION tonggao.newest_window(text, double precision) IS
    'The dates between which the newest so many revisions are; -infinity where that is a quarter of the archive or more.';

-- To read the dates of 800 hits costs about what a window does, which is wide for rare words.
CREATE FUNCTION tonggao.wider_window(newest timestamptz, starts timestamptz, size double precision, factor double precision,
                                     found bigint) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN found * tonggao.stored_revisions() < 800 * size OR 4 * factor * size > tonggao.stored_revisions()
                THEN '-infinity' ELSE newest - (newest - starts) * factor END
$$;
COMMENT ON FUNCTION tonggao.wider_window(timestamptz, timestamptz, double precision, double precision, bigint) IS
    'The start of a window so many times as wide; -infinity where all hits together are few, or the window would be wide.';

-- Candidates of the index become hits: the text is looked at, and only texts in force count.
CREATE FUNCTION tonggao.indexed_hits(conditions jsonb, indexed text, filters text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($statement$
        SELECT p.release_id, p.publication_id, x.title, x.body, c.dated_at
        FROM (SELECT r.revision_id, r.valid_from, r.publication_id, r.dated_at FROM tonggao.revision r
              WHERE %s AND %s ORDER BY r.dated_at DESC, r.revision_id DESC OFFSET 0) AS c
        CROSS JOIN LATERAL (
            SELECT v.title, v.body, lower((v.title || E'\n' || v.body) COLLATE "C") AS folded
            FROM tonggao.revision v
            WHERE v.revision_id = c.revision_id AND v.valid_from = c.valid_from
            OFFSET 0
        ) AS x
        JOIN tonggao.publication p ON p.publication_id = c.publication_id AND p.revision_id = c.revision_id
        WHERE %s
        ORDER BY c.dated_at DESC, c.revision_id DESC$statement$,
        indexed, filters, tonggao.exact_condition(conditions, 'x.folded'))
$$;
COMMENT ON FUNCTION tonggao.indexed_hits(jsonb, text, text) IS
    'The statement that gives, newest first, the publications which hold the words now; by the index.';

CREATE FUNCTION tonggao.walked_hits(conditions jsonb, filters text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($statement$
        SELECT p.release_id, p.publication_id, c.title, c.body, c.dated_at
        FROM (SELECT r.revision_id, r.publication_id, r.dated_at, r.title, r.body,
                     lower((r.title || E'\n' || r.body) COLLATE "C") AS folded
              FROM tonggao.revision r
              WHERE %s ORDER BY r.dated_at DESC, r.revision_id DESC OFFSET 0) AS c
        JOIN tonggao.publication p ON p.publication_id = c.publication_id AND p.revision_id = c.revision_id
        WHERE %s
        ORDER BY c.dated_at DESC, c.revision_id DESC$statement$,
        filters, tonggao.exact_condition(conditions, 'c.folded'))
$$;
COMMENT ON FUNCTION tonggao.walked_hits(jsonb, text) IS
    'The same answer, read from the newest revision backwards.';

CREATE FUNCTION tonggao.hits(conditions jsonb, filters text, wanted integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    indexed text := tonggao.index_condition(conditions, 'r.title || E''\n'' || r.body');
BEGIN
    IF indexed IS NULL OR tonggao.stands_often(indexed, wanted) THEN
        RETURN tonggao.walked_hits(conditions, filters);
    END IF;
    RETURN tonggao.indexed_hits(conditions, indexed, filters);
END
$$;
COMMENT ON FUNCTION tonggao.hits(jsonb, text, integer) IS
    'The statement that gives, newest first, the publications which hold the words now; the quicker of both ways.';

CREATE FUNCTION tonggao.words(conditions jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(word), '{}')
    FROM jsonb_array_elements(conditions) AS condition, jsonb_array_elements_text(condition -> 'any') AS word
$$;
COMMENT ON FUNCTION tonggao.words(jsonb) IS 'The words that are asked for, for marks and rank.';

CREATE FUNCTION tonggao.score(conditions jsonb, title text, body text) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(sum(
        CASE WHEN position(word IN lower(title COLLATE "C")) > 0 THEN 10 ELSE 0 END
        + ln(1 + (length(body) - length(replace(lower(body COLLATE "C"), word, ''))) / length(word)))
        / greatest(1, ln(10 + length(body))), 0)::real
    FROM unnest(tonggao.words(conditions)) AS word
$$;
COMMENT ON FUNCTION tonggao.score(jsonb, text, text) IS
    'Ten for each word in the headline, the logarithm of its count in the text; shorter texts first.';

CREATE FUNCTION archive.snippet(body text, words text[], width integer DEFAULT 60,
                                opening text DEFAULT '⟦', closing text DEFAULT '⟧') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    folded text := lower(body COLLATE "C");
    starts integer;
    word text;
    part text;
    place integer;
BEGIN
    SELECT min(p) INTO starts FROM unnest(words) AS w, position(w IN folded) AS p WHERE p > 0;
    starts := greatest(1, coalesce(starts, 1) - width / 3);
    part := translate(substr(body, starts, width), E'\n\u2028', '  ');
    FOREACH word IN ARRAY words LOOP
        place := position(word IN lower(part COLLATE "C"));
        IF place > 0 THEN
            part := substr(part, 1, place - 1) || opening || substr(part, place, length(word)) || closing
                    || substr(part, place + length(word));
        END IF;
    END LOOP;
    RETURN CASE WHEN starts > 1 THEN '…' ELSE '' END || part
        || CASE WHEN starts + width <= length(body) THEN '…' ELSE '' END;
END
$$;
COMMENT ON FUNCTION archive.snippet(text, text[], integer, text, text) IS
    'The part of a text around the first of some words (small letters), with marks around each.';

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
    skip integer DEFAULT 0
) RETURNS TABLE (
    release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
    source_id text, url text, copies bigint, rank real, found_in bigint
)
LANGUAGE plpgsql SECURITY DEFINER ROWS 20 COST 10000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB'
SET enable_hashjoin = off SET enable_mergejoin = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    conditions jsonb := tonggao.read_query(query);
    filters text := tonggao.filter_condition(since, until, region, source);
    wanted integer := coalesce(count, 2000000000 - skip) + skip;
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
        RETURN QUERY SELECT * FROM tonggao.ranked(conditions, filters, count, skip);
        RETURN;
    ELSIF sort <> 'newest' THEN
        RAISE EXCEPTION 'sort is newest or rank, not %', sort USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF count IS NULL THEN
        hits := format('SELECT * FROM (SELECT DISTINCT ON (release_id) * FROM (%s) h ORDER BY release_id, dated_at DESC) d
                        ORDER BY dated_at DESC, release_id DESC OFFSET %s', tonggao.hits(conditions, filters, wanted), skip);
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
            IF cardinality(seen) > skip THEN
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
COMMENT ON FUNCTION archive.search(text, date, date, text, text, text, integer, integer) IS
    'Releases that hold the words: blank is AND, OR or | is either, - is without, "…" is a phrase. sort: newest or rank (headline first; among the 1000 newest hits). count null gives all. Words match exactly, A-Z in either case.';

-- What a hit is shown as: its release's canonical publication; found_in is the one that holds the words.
CREATE FUNCTION tonggao.shown(release bigint, publication bigint, hit_title text, hit_body text, words text[], score real)
RETURNS TABLE (release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
               source_id text, url text, copies bigint, rank real, found_in bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT r.release_id, p.publication_id, v.title, archive.snippet(hit_body, words), r.dated_at,
           p.source_id, p.url,
           (SELECT count(*) - 1 FROM tonggao.publication c WHERE c.release_id = r.release_id), score, publication
    FROM tonggao.release r
    JOIN tonggao.publication p ON p.publication_id = r.canonical_id
    LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
    WHERE r.release_id = release
$$;
COMMENT ON FUNCTION tonggao.shown(bigint, bigint, text, text, text[], real) IS 'One row of a search''s answer.';

CREATE FUNCTION tonggao.ranked(conditions jsonb, filters text, wanted integer, skipped integer)
RETURNS TABLE (release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamptz,
               source_id text, url text, copies bigint, rank real, found_in bigint)
LANGUAGE plpgsql AS $$
DECLARE
    in_title text := coalesce(tonggao.index_condition(conditions, 'r.title'), 'true');
BEGIN
    RETURN QUERY EXECUTE format($statement$
        WITH hit AS MATERIALIZED (
            (%s LIMIT 500) UNION ALL (%s LIMIT 500)
        ), best AS MATERIALIZED (
            SELECT DISTINCT ON (h.release_id) h.*, tonggao.score(%L, h.title, h.body) AS score
            FROM hit h ORDER BY h.release_id, tonggao.score(%L, h.title, h.body) DESC
        ), top AS MATERIALIZED (
            SELECT * FROM best ORDER BY score DESC, dated_at DESC, release_id DESC LIMIT %L OFFSET %L
        )
        SELECT s.* FROM top t CROSS JOIN LATERAL
            tonggao.shown(t.release_id, t.publication_id, t.title, t.body, %L, t.score) s
        ORDER BY s.rank DESC, t.dated_at DESC, t.release_id DESC$statement$,
        tonggao.indexed_hits(conditions, in_title, filters), tonggao.hits(conditions, filters, 500),
        conditions, conditions, wanted, skipped, tonggao.words(conditions));
END
$$;
COMMENT ON FUNCTION tonggao.ranked(jsonb, text, integer, integer) IS
    'The 500 newest hits in headlines and the 500 newest in texts, best first.';

CREATE FUNCTION archive.matches(
    query text, since date DEFAULT NULL, until date DEFAULT NULL, region text DEFAULT NULL, source text DEFAULT NULL
) RETURNS TABLE (release_id bigint, dated_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER ROWS 1000 COST 100000
SET search_path = pg_catalog, pg_temp SET jit = off SET work_mem = '128MB' AS $$
DECLARE
    conditions jsonb := tonggao.read_query(query);
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
COMMENT ON FUNCTION archive.matches(text, date, date, text, text) IS
    'All releases that hold the words, with their dates and nothing else: for counting. Same query as search.';
