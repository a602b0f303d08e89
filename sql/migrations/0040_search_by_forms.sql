-- A word is looked for in a text as it is written: each sign in all its forms, by a regular expression. To fold a text
-- takes 65 us (with traditional signs several times that), to look for forms 10; folded are only texts with signs that
-- folding leaves out or makes several of. Which signs become which is read off archive.fold itself.

CREATE TABLE tonggao.variant (
    sign text COLLATE "C" PRIMARY KEY,
    variants text COLLATE "C" NOT NULL,
    within text COLLATE "C" NOT NULL
);
COMMENT ON TABLE tonggao.variant IS 'What archive.fold turns into a sign; derived from it, and to be filled anew if it should change.';
COMMENT ON COLUMN tonggao.variant.sign IS 'A sign of folded texts; empty: what is left out of them.';
COMMENT ON COLUMN tonggao.variant.variants IS 'The signs that become it, but for the capital of a letter; as ranges of a regular expression where sign is empty.';
COMMENT ON COLUMN tonggao.variant.within IS 'The signs that become several, it among them.';

-- All signs at once, each between two that stay as they are and join nothing.
INSERT INTO tonggao.variant (sign, variants, within)
WITH every AS MATERIALIZED (
    SELECT array_agg(chr(code) ORDER BY code) AS signs
    FROM generate_series(128, x'2fa1f'::integer) AS code WHERE code NOT BETWEEN x'd800'::integer AND x'dfff'::integer
)
SELECT one.sign, coalesce(string_agg(DISTINCT changed.sign, '') FILTER (WHERE changed.folded = one.sign), ''),
       coalesce(string_agg(DISTINCT changed.sign, '') FILTER (WHERE changed.folded <> one.sign), '')
FROM every
CROSS JOIN LATERAL ROWS FROM (
    unnest(every.signs), unnest(string_to_array(archive.fold(array_to_string(every.signs, E'\x01')), E'\x01'))
) AS changed (sign, folded)
CROSS JOIN LATERAL unnest(string_to_array(changed.folded, NULL)) AS one (sign)
WHERE changed.folded <> changed.sign
GROUP BY one.sign
UNION ALL
SELECT '', substring(p.prosrc FROM '\[(\\u00ad.*?\\U000e0fff)'), ''
FROM pg_proc p WHERE p.oid = 'archive.fold(text)'::regprocedure;

CREATE FUNCTION tonggao.forms(word text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'pattern', string_agg(CASE WHEN v.variants <> '' THEN '[' || s.sign || v.variants || ']' ELSE s.sign END, '' ORDER BY s.place),
        'rest', '[' || (SELECT o.variants FROM tonggao.variant o WHERE o.sign = '') || coalesce(string_agg(v.within, ''), '')
                || CASE WHEN word ~ '[a-z]' COLLATE "C" THEN coalesce(string_agg(v.variants, ''), '') || '\u0300-\u036f' ELSE '' END || ']',
        'loose', CASE WHEN length(word) <= 16 THEN string_agg(
            CASE WHEN v.variants <> '' THEN '[' || s.sign || v.variants || ']' ELSE s.sign END,
            '[' || (SELECT o.variants FROM tonggao.variant o WHERE o.sign = '') || ']*' ORDER BY s.place) END)
    FROM unnest(string_to_array(word, NULL)) WITH ORDINALITY AS s (sign, place)
    LEFT JOIN tonggao.variant v ON v.sign = s.sign
    HAVING word ~ '^[0-9a-z㐀-䶿一-鿿]+$' COLLATE "C"
$$;
COMMENT ON FUNCTION tonggao.forms(text) IS
    'How a folded word may be written, as regular expressions. pattern: each sign in any form that is one sign. rest: the signs without which a text holds the word by its pattern only, or in small letters where it has letters. loose: the pattern with such as folding leaves out between, of short words. Null where a word has other signs than digits, letters and ideographs.';

CREATE OR REPLACE FUNCTION tonggao.asked(query text, exact boolean) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    WITH read AS (
        SELECT typed.condition, typed.place, kind.kind, words.folded
        FROM jsonb_array_elements(tonggao.read_query(tonggao.bounded_query(query)))
             WITH ORDINALITY AS typed (condition, place)
        CROSS JOIN LATERAL jsonb_object_keys(typed.condition) AS kind
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(btrim(archive.fold(word)) ORDER BY number) AS folded,
                   bool_and(btrim(archive.fold(word)) <> '') AS asks
            FROM jsonb_array_elements_text(typed.condition -> kind.kind) WITH ORDINALITY AS w (word, number)
        ) AS words
        WHERE words.asks
    )
    SELECT jsonb_build_object(
        'typed', coalesce(jsonb_agg(read.condition ORDER BY read.place), '[]'),
        'folded', coalesce(jsonb_agg(jsonb_build_object(read.kind, read.folded) ORDER BY read.place), '[]'),
        'exact', coalesce(exact, false),
        'forms', (SELECT jsonb_object_agg(g.word, tonggao.forms(g.word))
                  FROM (SELECT DISTINCT jsonb_array_elements_text(r.folded) AS word FROM read r) AS g))
    FROM read
$$;
COMMENT ON FUNCTION tonggao.asked(text, boolean) IS
    'A query as read: conditions as typed and folded, whether the typed form decides, and how each folded word may be written.';

CREATE FUNCTION tonggao.stands_in(word text, content text, forms jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN forms ->> 'rest' IS NULL THEN format('position(%L in archive.fold(%s)) > 0', word, content)
        WHEN word ~ '[a-z]' COLLATE "C" THEN format(
            'CASE WHEN (%2$s) COLLATE "C" ~ %3$L THEN position(%1$L in archive.fold(%2$s)) ELSE position(%1$L in lower((%2$s) COLLATE "C")) END > 0',
            word, content, forms ->> 'rest')
        WHEN forms ->> 'pattern' = word THEN format(
            '(position(%1$L in %2$s) > 0 OR ((%2$s) COLLATE "C" ~ %3$L AND position(%1$L in archive.fold(%2$s)) > 0))',
            word, content, forms ->> 'rest')
        ELSE format('(position(%1$L in %2$s) > 0 OR ((%2$s) COLLATE "C" ~ %4$L AND ((%2$s) COLLATE "C" ~ %3$L OR position(%1$L in archive.fold(%2$s)) > 0)))',
                    word, content, forms ->> 'pattern', format('%s|%s', forms ->> 'pattern', forms ->> 'rest')) END
$$;
COMMENT ON FUNCTION tonggao.stands_in(text, text, jsonb) IS 'SQL that tells whether a folded word stands in a text; forms: see tonggao.forms.';

CREATE OR REPLACE FUNCTION tonggao.deciding_condition(asked jsonb, content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE WHEN (asked ->> 'exact')::boolean
        THEN tonggao.exact_condition(asked -> 'typed', format('lower((%s) COLLATE "C")', content))
        ELSE (
            SELECT coalesce(string_agg(
                CASE WHEN condition ? 'any'
                     THEN '(' || (SELECT string_agg(tonggao.stands_in(word, content, asked -> 'forms' -> word), ' OR ')
                                  FROM jsonb_array_elements_text(condition -> 'any') AS word) || ')'
                     ELSE (SELECT string_agg('NOT ' || tonggao.stands_in(word, content, asked -> 'forms' -> word), ' AND ')
                           FROM jsonb_array_elements_text(condition -> 'none') AS word)
                END, ' AND '), 'true')
            FROM jsonb_array_elements(asked -> 'folded') AS condition) END
$$;

DROP FUNCTION tonggao.stands_in(text, text);

-- One headline is not worth a statement of its own.
CREATE FUNCTION tonggao.stands_at_all(word text, content text, forms jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    small text := lower(content COLLATE "C");
BEGIN
    IF forms ->> 'rest' IS NULL OR content COLLATE "C" ~ (forms ->> 'rest') THEN
        RETURN position(word IN archive.fold(content)) > 0;
    END IF;
    RETURN position(word IN small) > 0 OR small COLLATE "C" ~ (forms ->> 'pattern');
END
$$;
COMMENT ON FUNCTION tonggao.stands_at_all(text, text, jsonb) IS 'Whether a folded word stands in a text: what tonggao.stands_in says as SQL; forms: see tonggao.forms.';

CREATE FUNCTION tonggao.holds(asked jsonb, content text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    exact boolean := (asked ->> 'exact')::boolean;
    small text := lower(content COLLATE "C");
    condition jsonb;
    word text;
    found boolean;
BEGIN
    FOR condition IN SELECT jsonb_array_elements(asked -> CASE WHEN exact THEN 'typed' ELSE 'folded' END) LOOP
        found := false;
        FOR word IN SELECT jsonb_array_elements_text(coalesce(condition -> 'any', condition -> 'none')) LOOP
            found := CASE WHEN exact THEN position(word IN small) > 0
                          ELSE tonggao.stands_at_all(word, content, asked -> 'forms' -> word) END;
            EXIT WHEN found;
        END LOOP;
        IF found <> (condition ? 'any') THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END
$$;
COMMENT ON FUNCTION tonggao.holds(jsonb, text) IS 'Whether a short text holds the words: what tonggao.deciding_condition says as SQL for many.';

CREATE OR REPLACE FUNCTION tonggao.matched_in(part text, title text, asked jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN CASE WHEN part <> 'body' THEN part
                WHEN NOT tonggao.asks_for_words(asked) THEN NULL
                WHEN tonggao.holds(asked, title) THEN 'title' ELSE 'body' END;
END
$$;

-- A place is found by the forms of a word, without folding the text and counting back.
CREATE FUNCTION tonggao.place_in(content text, word text, exact boolean, forms jsonb, OUT starts integer, OUT ends integer)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    small text := lower(content COLLATE "C") COLLATE "C";
    form text;
BEGIN
    starts := position(word IN small);
    ends := starts + length(word) - 1;
    IF starts > 0 OR exact THEN
        RETURN;
    END IF;
    FOREACH form IN ARRAY ARRAY[forms ->> 'pattern', forms ->> 'loose'] LOOP
        CONTINUE WHEN form IS NULL;
        starts := regexp_instr(small, form);
        IF starts > 0 THEN
            ends := regexp_instr(small, form, 1, 1, 1) - 1;
            RETURN;
        ELSIF NOT content COLLATE "C" ~ (forms ->> 'rest') THEN
            ends := -1;
            RETURN;
        END IF;
    END LOOP;
    SELECT p.starts, p.ends INTO starts, ends FROM tonggao.place_in(content, word, exact) AS p;
END
$$;
COMMENT ON FUNCTION tonggao.place_in(text, text, boolean, jsonb) IS
    'Where a word (folded, or typed in small letters where exact) stands in a text as written: its first and last sign; 0 where it does not. forms: see tonggao.forms, by which it is found sooner.';

CREATE FUNCTION tonggao.excerpt(body text, words text[], width integer, opening text, closing text, exact boolean, forms jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    starts integer;
    word text;
    part text;
    place record;
BEGIN
    SELECT min(p.starts) INTO starts FROM unnest(words) AS w, tonggao.place_in(body, w, exact, forms -> w) AS p WHERE p.starts > 0;
    starts := greatest(1, coalesce(starts, 1) - width / 3);
    part := translate(substr(body, starts, width), E'\n\u2028', '  ');
    FOREACH word IN ARRAY words LOOP
        place := tonggao.place_in(part, word, exact, forms -> word);
        IF place.starts > 0 THEN
            part := overlay(part PLACING opening || substr(part, place.starts, place.ends - place.starts + 1) || closing
                            FROM place.starts FOR place.ends - place.starts + 1);
        END IF;
    END LOOP;
    RETURN CASE WHEN starts > 1 THEN '…' ELSE '' END || part
        || CASE WHEN starts + width <= length(body) THEN '…' ELSE '' END;
END
$$;
COMMENT ON FUNCTION tonggao.excerpt(text, text[], integer, text, text, boolean, jsonb) IS
    'The part of a text, as written, around the first of some words, with marks around each. forms: by word, see tonggao.forms; null where they are not known.';

CREATE OR REPLACE FUNCTION tonggao.excerpt(body text, words text[], width integer, opening text, closing text, exact boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT tonggao.excerpt(body, words, width, opening, closing, exact, NULL)
$$;

CREATE FUNCTION tonggao.shown_hit(release bigint, publication bigint, hit_title text, hit_body text, hit_dated_at timestamp with time zone, words text[], score real, exact boolean, forms jsonb) RETURNS TABLE(release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamp with time zone, source_id text, url text, copies bigint, rank real, found_in bigint, release_title text, release_url text, release_dated_at timestamp with time zone)
    LANGUAGE sql STABLE ROWS 1
    AS $$
    SELECT r.release_id, p.publication_id, hit_title, tonggao.excerpt(hit_body, words, 60, '⟦', '⟧', exact, forms), hit_dated_at,
           p.source_id, p.url,
           (SELECT count(*) - 1 FROM tonggao.publication c WHERE c.release_id = r.release_id), score, publication,
           v.title, q.url, r.dated_at
    FROM tonggao.release r
    JOIN tonggao.publication p ON p.publication_id = publication
    JOIN tonggao.publication q ON q.publication_id = r.canonical_id
    LEFT JOIN tonggao.revision v ON v.revision_id = q.revision_id AND v.valid_from = q.revision_from
    WHERE r.release_id = release
$$;
COMMENT ON FUNCTION tonggao.shown_hit(bigint, bigint, text, text, timestamptz, text[], real, boolean, jsonb) IS
    'One row of a search''s answer: the publication that matched, and beside it its release. forms: by word, see tonggao.forms.';
DROP FUNCTION tonggao.shown_hit(bigint, bigint, text, text, timestamptz, text[], real, boolean);

CREATE OR REPLACE FUNCTION tonggao.ranked_matches(asked jsonb, filters text, with_files boolean, wanted integer, skipped integer) RETURNS TABLE(release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamp with time zone, source_id text, url text, copies bigint, rank real, found_in bigint, release_title text, release_url text, release_dated_at timestamp with time zone, matched_in text)
    LANGUAGE plpgsql
    AS $_$
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
            tonggao.shown_hit(t.release_id, t.publication_id, t.title, tonggao.around(t.body, t.folded, %L), t.dated_at, %L, t.score, %L, %L) s
        ORDER BY s.rank DESC, t.dated_at DESC, t.revision_id DESC$statement$,
        tonggao.indexed_hits(asked, tonggao.candidates(asked, 'r.title', 'revision_by_folded_title', filters), filters),
        tonggao.hits(asked, filters, 500),
        CASE WHEN with_files THEN tonggao.file_hits(asked, filters, 100) ELSE tonggao.no_hits() END,
        asked, exact, wanted, skipped, asked, tonggao.asked_words(asked), tonggao.asked_words(asked), exact, asked -> 'forms');
END
$_$;

CREATE OR REPLACE FUNCTION tonggao.stands_for_release(asked jsonb, filters text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    SELECT format($statement$(e.canonical_id = p.publication_id OR 0 = (
            SELECT count(*) FROM tonggao.publication q
            JOIN tonggao.revision r ON r.revision_id = q.revision_id AND r.valid_from = q.revision_from
            WHERE q.publication_id = e.canonical_id AND %s AND (%s%s)))$statement$,
        filters, tonggao.deciding_condition(asked, 'r.title || E''\n'' || r.body'),
        CASE WHEN (asked ->> 'files')::boolean THEN format(
            ' OR EXISTS (SELECT FROM tonggao.kept_file k JOIN tonggao.file_text t ON t.digest = k.digest
                     WHERE k.page_digest = tonggao.digest_of(q.url) AND t.state = ''read'' AND %s)',
            tonggao.deciding_on_files(asked)) ELSE '' END)
$_$;
COMMENT ON FUNCTION tonggao.stands_for_release(jsonb, text) IS
    'SQL that keeps of a release''s publications the canonical one, or others where that does not match; its files are asked where `files` of the query says that any may hold the words.';

CREATE FUNCTION tonggao.stands_often(expected double precision, wanted integer) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    stored double precision := greatest(tonggao.stored_revisions(), 1);
    cost double precision := 12 + 20 * greatest(0, 1 - expected / stored);
BEGIN
    RETURN cost * wanted * stored < expected * (0.1 * expected + 2000);
END
$$;
COMMENT ON FUNCTION tonggao.stands_often(double precision, integer) IS
    'Whether reading texts from the newest backwards finds the wanted number sooner than the index does, of so many expected hits. Microseconds: 12 a text that holds the words, 32 another, 0.1 a hit of the index, 2000 to ask it.';

CREATE OR REPLACE FUNCTION tonggao.stands_often(asked jsonb, wanted integer) RETURNS boolean
LANGUAGE sql AS $$
    SELECT tonggao.stands_often(tonggao.estimated_rows(tonggao.text_candidates(asked, 'true')), wanted)
$$;

CREATE OR REPLACE FUNCTION tonggao.found(query text, exact boolean, filters text, since date, until date, sort text, count integer, skip integer) RETURNS TABLE(release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamp with time zone, source_id text, url text, copies bigint, rank real, found_in bigint, release_title text, release_url text, release_dated_at timestamp with time zone, matched_in text)
    LANGUAGE plpgsql COST 10000 ROWS 20
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '128MB'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET max_parallel_workers_per_gather TO '0'
    AS $_$
DECLARE
    asked jsonb := tonggao.asked(query, exact);
    words text[] := tonggao.asked_words(asked);
    as_typed boolean := (asked ->> 'exact')::boolean;
    in_index bigint := CASE WHEN tonggao.asks_for_words(asked) AND EXISTS (SELECT FROM tonggao.file_text)
                            THEN tonggao.counted_files(asked, 20000) ELSE 0 END;
    with_files boolean := in_index > 0;
    first_hit integer := least(greatest(coalesce(skip, 0), 0), 1000000000);
    number integer := least(greatest(count, 0), 1000000000);
    wanted integer := coalesce(CASE WHEN count IS NOT NULL THEN number END, 1000000000) + first_hit;
    fetched bigint := 3 * wanted::bigint + 10;
    expected double precision;
    walked boolean := true;
    size double precision := 100.0 * wanted;
    factor double precision;
    newest timestamptz;
    starts timestamptz := '-infinity';
    hits text;
    in_files text;
    files tonggao.dated_file[];
    rows refcursor;
    hit record;
    given bigint;
    seen bigint[] := '{}';
    releases bigint[];
    publications bigint[];
    titles text[];
    bodies text[];
    dates timestamptz[];
    parts text[];
BEGIN
    asked := asked || jsonb_build_object('files', with_files);
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
            tonggao.shown_hit(h.release_id, h.publication_id, h.title, tonggao.around(h.body, h.folded, %L), h.dated_at, %L, NULL, %L, %L) s
            ORDER BY h.dated_at DESC, h.revision_id DESC', asked, hits, words, words, as_typed, asked -> 'forms');
        RETURN;
    END IF;
    IF with_files THEN
        fetched := wanted::bigint + 10;  -- a text of a file costs more to look into than a page's
        IF tonggao.files_by_index(in_index, wanted) THEN  -- dated once, whatever windows are looked through
            EXECUTE format('SELECT array_agg(ROW(f.*)::tonggao.dated_file) FROM (%s) AS f', tonggao.dated_files(asked, filters)) INTO files;
            files := coalesce(files, '{}');
        END IF;
    END IF;
    IF tonggao.asks_for_words(asked) THEN
        expected := tonggao.estimated_rows(tonggao.text_candidates(asked, 'true'));
        walked := tonggao.stands_often(expected, wanted);
    END IF;
    -- Of fewer than are wanted, a window of dates would only be looked into for nothing.
    IF NOT walked AND expected >= wanted THEN
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
        -- One by one: FOR would have fifty texts looked through for the first.
        OPEN rows FOR EXECUTE tonggao.with_files(hits, in_files) || ' LIMIT ' || fetched USING files;
        LOOP
            FETCH rows INTO hit;
            EXIT WHEN NOT FOUND;
            given := given + 1;
            CONTINUE WHEN hit.release_id = ANY (seen);
            seen := seen || hit.release_id;
            IF cardinality(seen) > first_hit THEN
                releases := releases || hit.release_id;
                publications := publications || hit.publication_id;
                titles := titles || hit.title;
                bodies := bodies || tonggao.around(hit.body, hit.folded, words);
                dates := dates || hit.dated_at;
                parts := parts || hit.part;
            END IF;
            EXIT WHEN cardinality(seen) >= wanted;
        END LOOP;
        CLOSE rows;
        EXIT WHEN cardinality(seen) >= wanted OR (given < fetched AND starts = '-infinity');
        IF given = fetched THEN
            fetched := fetched * 4;
        ELSE  -- the window held too few: a wider one by what it held
            factor := greatest(4, 2.0 * wanted / greatest(cardinality(seen), 1));
            starts := tonggao.wider_window(newest, starts, size, factor, given);
            size := size * factor;
        END IF;
    END LOOP;
    -- All at once: to begin such a statement costs more than a row of it.
    RETURN QUERY SELECT s.*, tonggao.matched_in(h.part, h.title, asked)
        FROM unnest(releases, publications, titles, bodies, dates, parts) WITH ORDINALITY
             AS h (release_id, publication_id, title, body, dated_at, part, place)
        CROSS JOIN LATERAL tonggao.shown_hit(h.release_id, h.publication_id, h.title, h.body, h.dated_at, words, NULL, as_typed, asked -> 'forms') AS s
        ORDER BY h.place;
END
$_$;

CREATE OR REPLACE FUNCTION tonggao.files_hold(asked jsonb) RETURNS boolean
    LANGUAGE sql
    AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM tonggao.file_text) THEN tonggao.counted_files(asked, 1) > 0 ELSE false END
$$;

CREATE OR REPLACE FUNCTION tonggao.matching(asked jsonb, filters text) RETURNS TABLE(release_id bigint, publication_id bigint, dated_at timestamp with time zone)
    LANGUAGE plpgsql COST 100000
    AS $_$
DECLARE
    with_files boolean := tonggao.asks_for_words(asked) AND tonggao.files_hold(asked);
    candidates text := tonggao.text_candidates(asked, filters);
BEGIN
    asked := asked || jsonb_build_object('files', with_files);
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
        CASE WHEN with_files
             THEN tonggao.indexed_file_hits(asked, filters) ELSE tonggao.no_hits() END);
END
$_$;


-- Places of hits that name the same ones are told apart once.
CREATE OR REPLACE FUNCTION archive.search_facets(query text, since date, until date, region text, source text, kind text, exact boolean, named_source text, column_name text) RETURNS TABLE(facet text, code text, name text, parent text, releases bigint)
    LANGUAGE sql SECURITY DEFINER COST 100000 ROWS 100
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '128MB'
    AS $$
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
    ), alike AS MATERIALIZED (
        SELECT t.region, t.source_region, count(*) AS releases FROM told t GROUP BY 1, 2
    ), place AS (
        SELECT named.code, sum(a.releases)::bigint AS releases, bool_or(named.told) AS named
        FROM alike a
        CROSS JOIN LATERAL (
            SELECT part.code, bool_or(part.code = one.code) AS told
            FROM unnest(a.region || a.source_region) AS one (code)
            CROSS JOIN LATERAL (VALUES (one.code), (left(one.code, 4) || '00'), (left(one.code, 2) || '0000')) AS part (code)
            WHERE one.code IS NOT NULL
            GROUP BY part.code
        ) AS named
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
