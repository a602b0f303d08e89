-- Facets of everything and the counts of regions are kept, not counted anew at each question.
--
-- What a release counts under depends on its publications, their texts and their sources. Whoever changes
-- one of these leaves a mark, in the same transaction; no row is shared, so no writer waits for another.
-- Now and then the marked releases are counted anew and their marks go. A question adds the marked ones to
-- the kept counts by itself, so what it is told is exact at any moment.

CREATE TABLE tonggao.uncounted (
    mark_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release_id bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_threshold = 5000);
COMMENT ON TABLE tonggao.uncounted IS 'Marks of releases that perhaps count otherwise than they were counted. Each transaction leaves its own, so that none is lost.';
COMMENT ON COLUMN tonggao.uncounted.mark_id IS 'Number of the mark.';
COMMENT ON COLUMN tonggao.uncounted.release_id IS 'The release.';

CREATE TABLE tonggao.counted (
    release_id    bigint      PRIMARY KEY,
    dated_at      timestamptz NOT NULL,
    source_id     text        NOT NULL,
    source_region text,
    region        text[]      NOT NULL,
    named_source  text,
    column_name   text,
    stands        boolean     NOT NULL,
    newest_at     timestamptz
) WITH (fillfactor = 90);
CREATE INDEX counted_by_date ON tonggao.counted (newest_at) WHERE stands;
COMMENT ON TABLE tonggao.counted IS 'As what each release was counted: as the publication that a search without words shows.';
COMMENT ON COLUMN tonggao.counted.release_id IS 'The release.';
COMMENT ON COLUMN tonggao.counted.dated_at IS 'The date that is shown.';
COMMENT ON COLUMN tonggao.counted.source_id IS 'The source.';
COMMENT ON COLUMN tonggao.counted.source_region IS 'The division of the source, as it was when it was counted.';
COMMENT ON COLUMN tonggao.counted.region IS 'Divisions that the text names.';
COMMENT ON COLUMN tonggao.counted.named_source IS 'The source that the page names (来源).';
COMMENT ON COLUMN tonggao.counted.column_name IS 'The column that the page names.';
COMMENT ON COLUMN tonggao.counted.stands IS 'Whether it is a release of its own with a canonical publication: only those count in archive.regions.';
COMMENT ON COLUMN tonggao.counted.newest_at IS 'Date of the release, for archive.regions.';

CREATE TABLE tonggao.release_count (
    facet     text   NOT NULL,
    code      text   NOT NULL,
    releases  bigint NOT NULL,
    newest_at timestamptz
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.5);
CREATE UNIQUE INDEX release_count_key ON tonggao.release_count (facet, md5(code));
COMMENT ON TABLE tonggao.release_count IS 'How many of the counted releases have a value.';
COMMENT ON COLUMN tonggao.release_count.facet IS 'region (what its text or its source names, and all above), named region (the same, not those above), place (its text, and all above), source, named source, column, month (Asia/Shanghai).';
COMMENT ON COLUMN tonggao.release_count.code IS 'The value.';
COMMENT ON COLUMN tonggao.release_count.releases IS 'How many.';
COMMENT ON COLUMN tonggao.release_count.newest_at IS 'Of a place: the date of the newest of them.';

CREATE FUNCTION tonggao.with_those_above(codes text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT part.code), '{}')
    FROM unnest(codes) AS one (code)
    CROSS JOIN LATERAL (VALUES (one.code), (left(one.code, 4) || '00'), (left(one.code, 2) || '0000')) AS part (code)
    WHERE one.code IS NOT NULL
$$;
COMMENT ON FUNCTION tonggao.with_those_above(codes text[]) IS 'Codes of divisions together with those of the divisions above each.';

CREATE FUNCTION tonggao.counts_under(release tonggao.counted) RETURNS TABLE (facet text, code text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT 'region', unnest(tonggao.with_those_above(release.region || release.source_region))
    UNION ALL
    SELECT DISTINCT 'named region', one FROM unnest(release.region || release.source_region) AS one WHERE one IS NOT NULL
    UNION ALL
    SELECT 'place', unnest(tonggao.with_those_above(release.region)) WHERE release.stands
    UNION ALL
    SELECT 'source', release.source_id
    UNION ALL
    SELECT 'named source', release.named_source WHERE release.named_source IS NOT NULL
    UNION ALL
    SELECT 'column', release.column_name WHERE release.column_name IS NOT NULL
    UNION ALL
    SELECT 'month', to_char(release.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
$$;
COMMENT ON FUNCTION tonggao.counts_under(release tonggao.counted) IS 'All values that a release counts under; see tonggao.release_count.';

CREATE FUNCTION tonggao.as_counted(ids bigint[]) RETURNS SETOF tonggao.counted
LANGUAGE sql STABLE ROWS 1000 AS $$
    SELECT DISTINCT ON (p.release_id)
           p.release_id, v.dated_at, p.source_id, s.region, v.region, v.named_source, v.column_name,
           coalesce(e.canonical_id = p.publication_id AND e.merged_into IS NULL, false),
           CASE WHEN e.canonical_id = p.publication_id AND e.merged_into IS NULL THEN e.dated_at END
    FROM unnest(ids) AS wanted (release_id)
    JOIN tonggao.publication p ON p.release_id = wanted.release_id
    JOIN tonggao.release e ON e.release_id = p.release_id
    JOIN tonggao.source s ON s.source_id = p.source_id
    JOIN tonggao.revision v ON v.publication_id = p.publication_id AND v.revision_id = p.revision_id
                            AND v.valid_from = p.revision_from
    ORDER BY p.release_id, (e.canonical_id = p.publication_id) DESC, v.dated_at DESC, v.revision_id DESC
$$;
COMMENT ON FUNCTION tonggao.as_counted(ids bigint[]) IS 'How releases count now; none for one without a text in force.';

CREATE FUNCTION tonggao.count_changes(ids bigint[])
RETURNS TABLE (facet text, code text, releases bigint, newest_at timestamptz, gone_at timestamptz)
LANGUAGE sql STABLE ROWS 1000 AS $$
    SELECT u.facet, u.code, sum(change.sign)::bigint,
           max(change.newest_at) FILTER (WHERE change.sign > 0 AND u.facet = 'place'),
           max(change.newest_at) FILTER (WHERE change.sign < 0 AND u.facet = 'place')
    FROM (SELECT 1 AS sign, c.newest_at, c AS release FROM tonggao.as_counted(ids) AS c
          UNION ALL
          SELECT -1, c.newest_at, c FROM tonggao.counted c WHERE c.release_id = ANY (ids)) AS change
    CROSS JOIN LATERAL tonggao.counts_under(change.release) AS u
    GROUP BY u.facet, u.code
$$;
COMMENT ON FUNCTION tonggao.count_changes(ids bigint[]) IS 'By how much the kept counts are wrong about some releases; of a place also the newest date that comes and the newest that goes.';

CREATE FUNCTION tonggao.newest_of(place text, except_for bigint[] DEFAULT '{}') RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT c.newest_at FROM tonggao.counted c
    WHERE c.stands AND place = ANY (tonggao.with_those_above(c.region)) AND c.release_id <> ALL (except_for)
    ORDER BY c.newest_at DESC LIMIT 1
$$;
COMMENT ON FUNCTION tonggao.newest_of(place text, except_for bigint[]) IS 'The date of the newest counted release of a place, without some releases.';

CREATE FUNCTION tonggao.count_releases(ids bigint[]) RETURNS void
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
            stands = excluded.stands, newest_at = excluded.newest_at
        WHERE c IS DISTINCT FROM excluded
    )
    SELECT array_agg(c.code) INTO places FROM change c
    WHERE c.gone_at IS NOT NULL AND (c.newest_at IS NULL OR c.newest_at < c.gone_at);
    UPDATE tonggao.release_count k SET newest_at = tonggao.newest_of(k.code)
    WHERE k.facet = 'place' AND k.code = ANY (places) AND k.releases > 0;
    DELETE FROM tonggao.release_count WHERE releases = 0;
END
$$;
COMMENT ON FUNCTION tonggao.count_releases(ids bigint[]) IS 'Takes what these releases count under now into the kept counts; one caller at a time.';

CREATE FUNCTION tonggao.count_anew(most integer) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    marked bigint[];
    ids bigint[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('tonggao.count_anew', 0)) THEN
        RETURN 0;
    END IF;
    -- A change that is committed between these statements has a mark of its own, which stays.
    SELECT array_agg(m.mark_id), array_agg(DISTINCT m.release_id) INTO marked, ids
    FROM (SELECT u.mark_id, u.release_id FROM tonggao.uncounted u ORDER BY u.mark_id LIMIT most) AS m;
    IF marked IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM tonggao.count_releases(ids);
    DELETE FROM tonggao.uncounted WHERE mark_id = ANY (marked);
    RETURN cardinality(marked);
END
$$;
COMMENT ON FUNCTION tonggao.count_anew(most integer) IS 'Counts marked releases anew, at most so many marks; how many these were. 0 where another is at it.';

CREATE FUNCTION tonggao.pending_counts()
RETURNS TABLE (facet text, code text, releases bigint, newest_at timestamptz, gone_at timestamptz)
LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    ids bigint[] := ARRAY(SELECT DISTINCT u.release_id FROM tonggao.uncounted u);
BEGIN
    IF cardinality(ids) > 0 THEN
        RETURN QUERY SELECT c.* FROM tonggao.count_changes(ids) AS c;
    END IF;
END
$$;
COMMENT ON FUNCTION tonggao.pending_counts() IS 'By how much the kept counts are wrong now, by the marks.';

CREATE FUNCTION tonggao.counts() RETURNS TABLE (facet text, code text, releases bigint, newest_at timestamptz)
LANGUAGE sql STABLE ROWS 5000 SECURITY DEFINER SET search_path TO 'pg_catalog', 'pg_temp' SET jit = off AS $$
    WITH pending AS MATERIALIZED (SELECT * FROM tonggao.pending_counts())
    SELECT coalesce(k.facet, p.facet), coalesce(k.code, p.code), coalesce(k.releases, 0) + coalesce(p.releases, 0),
           CASE WHEN p.gone_at IS NULL OR p.gone_at < k.newest_at OR p.newest_at >= p.gone_at
                THEN greatest(k.newest_at, p.newest_at)
                ELSE greatest(p.newest_at, tonggao.newest_of(k.code, ARRAY(SELECT u.release_id FROM tonggao.uncounted u)))
           END
    FROM tonggao.release_count k FULL JOIN pending p ON p.facet = k.facet AND p.code = k.code
    WHERE coalesce(k.releases, 0) + coalesce(p.releases, 0) > 0
$$;
COMMENT ON FUNCTION tonggao.counts() IS 'How many releases have each value, at this moment; see tonggao.release_count.';

CREATE FUNCTION tonggao.mark_release() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tonggao.uncounted (release_id) VALUES (NEW.release_id);
    IF TG_OP = 'UPDATE' AND NEW.release_id <> OLD.release_id THEN
        INSERT INTO tonggao.uncounted (release_id) VALUES (OLD.release_id);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tonggao.mark_release() IS 'Marks the release of a row that was changed.';

CREATE FUNCTION tonggao.mark_text() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tonggao.uncounted (release_id)
    SELECT p.release_id FROM tonggao.publication p
    WHERE p.publication_id = OLD.publication_id AND p.revision_id = OLD.revision_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tonggao.mark_text() IS 'Marks the release whose text in force was changed or deleted.';

CREATE FUNCTION tonggao.mark_source() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tonggao.uncounted (release_id)
    SELECT DISTINCT p.release_id FROM tonggao.publication p WHERE p.source_id = NEW.source_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tonggao.mark_source() IS 'Marks the releases of a source that was moved to another division.';

CREATE TRIGGER uncounted_changed AFTER UPDATE ON tonggao.release
    FOR EACH ROW WHEN ((OLD.canonical_id, OLD.dated_at, OLD.merged_into) IS DISTINCT FROM (NEW.canonical_id, NEW.dated_at, NEW.merged_into))
    EXECUTE FUNCTION tonggao.mark_release();
CREATE TRIGGER uncounted_new AFTER INSERT ON tonggao.publication
    FOR EACH ROW WHEN (NEW.revision_id IS NOT NULL) EXECUTE FUNCTION tonggao.mark_release();
CREATE TRIGGER uncounted_changed AFTER UPDATE ON tonggao.publication
    FOR EACH ROW WHEN ((OLD.release_id, OLD.revision_id, OLD.revision_from, OLD.source_id)
                       IS DISTINCT FROM (NEW.release_id, NEW.revision_id, NEW.revision_from, NEW.source_id))
    EXECUTE FUNCTION tonggao.mark_release();
CREATE TRIGGER uncounted_changed AFTER UPDATE ON tonggao.revision
    FOR EACH ROW WHEN ((OLD.dated_at, OLD.region, OLD.named_source, OLD.column_name)
                       IS DISTINCT FROM (NEW.dated_at, NEW.region, NEW.named_source, NEW.column_name))
    EXECUTE FUNCTION tonggao.mark_text();
CREATE TRIGGER uncounted_gone AFTER DELETE ON tonggao.revision
    FOR EACH ROW EXECUTE FUNCTION tonggao.mark_text();
CREATE TRIGGER uncounted_changed AFTER UPDATE ON tonggao.source
    FOR EACH ROW WHEN (OLD.region IS DISTINCT FROM NEW.region) EXECUTE FUNCTION tonggao.mark_source();

CREATE FUNCTION tonggao.kept_facets() RETURNS TABLE (facet text, code text, name text, parent text, releases bigint)
LANGUAGE sql STABLE ROWS 1000 SET jit = off AS $$
    WITH kept AS MATERIALIZED (
        SELECT c.facet, c.code, c.releases FROM tonggao.counts() AS c
    )
    SELECT 'region', k.code, tonggao.division_name(k.code),
           CASE WHEN g.code IS NOT NULL THEN g.parent ELSE left(k.code, 2) || '0000' END, k.releases
    FROM kept k LEFT JOIN tonggao.region g ON g.code = k.code
    WHERE k.facet = 'region'
      AND (g.code IS NOT NULL OR k.code IN (SELECT n.code FROM kept n WHERE n.facet = 'named region'))
    UNION ALL
    SELECT 'source', s.source_id, s.name, s.publisher, k.releases
    FROM kept k JOIN tonggao.source s ON s.source_id = k.code WHERE k.facet = 'source'
    UNION ALL
    SELECT k.facet, k.code, k.code, NULL, k.releases FROM kept k WHERE k.facet IN ('named source', 'column', 'month')
    UNION ALL
    SELECT 'kind', s.kind, tonggao.kind_name(s.kind), NULL, sum(k.releases)::bigint
    FROM kept k JOIN tonggao.source s ON s.source_id = k.code WHERE k.facet = 'source' GROUP BY s.kind
    ORDER BY 1, 5 DESC, 2
$$;
COMMENT ON FUNCTION tonggao.kept_facets() IS 'The facets of all releases, by the kept counts; the same rows as tonggao.counted_facets gives.';

CREATE FUNCTION tonggao.counted_facets(asked jsonb, filters text)
RETURNS TABLE (facet text, code text, name text, parent text, releases bigint)
LANGUAGE sql COST 100000 ROWS 100 AS $$
    WITH hit AS MATERIALIZED (
        SELECT m.release_id, m.publication_id, m.dated_at FROM tonggao.matching(asked, filters) AS m
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
        SELECT part.code, sum(a.releases)::bigint AS releases,
               bool_or(part.code = ANY (a.region || a.source_region)) AS named
        FROM alike a CROSS JOIN LATERAL unnest(tonggao.with_those_above(a.region || a.source_region)) AS part (code)
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
COMMENT ON FUNCTION tonggao.counted_facets(asked jsonb, filters text) IS 'The facets of the releases that hold the words under conditions, counted one by one.';

CREATE OR REPLACE FUNCTION archive.search_facets(
    query text, since date, until date, region text, source text, kind text, exact boolean, named_source text, column_name text)
RETURNS TABLE (facet text, code text, name text, parent text, releases bigint)
LANGUAGE plpgsql SECURITY DEFINER COST 100000 ROWS 100
SET search_path TO 'pg_catalog', 'pg_temp' SET jit = off SET work_mem = '128MB' AS $$
DECLARE
    asked jsonb := tonggao.asked(query, exact);
BEGIN
    IF asked -> 'typed' = '[]'
       AND num_nonnulls(since, until, region, source, kind, named_source, column_name) = 0 THEN
        RETURN QUERY SELECT * FROM tonggao.kept_facets();
    ELSE
        RETURN QUERY SELECT * FROM tonggao.counted_facets(
            asked, tonggao.filter_condition(since, until, region, source, kind, named_source, column_name));
    END IF;
END
$$;

CREATE OR REPLACE VIEW archive.regions AS
    SELECT g.code, g.name, g.level, g.parent, up.name AS parent_name,
           coalesce(c.releases, 0) AS releases, c.newest_at,
           g.since, g.until, g.former_names, g.successors, g.predecessors
    FROM tonggao.region g
    LEFT JOIN tonggao.region up ON up.code = g.parent
    LEFT JOIN (SELECT k.code, k.releases, k.newest_at FROM tonggao.counts() AS k WHERE k.facet = 'place') AS c
        ON c.code = g.code;

-- What was archived before. A portion is large since each rewrites the counts that all releases share.
DO $$
DECLARE
    ids bigint[];
BEGIN
    FOR ids IN
        SELECT array_agg(n.release_id)
        FROM (SELECT r.release_id, (row_number() OVER (ORDER BY r.release_id) - 1) / 20000 AS portion FROM tonggao.release r) AS n
        GROUP BY n.portion
    LOOP
        PERFORM tonggao.count_releases(ids);
    END LOOP;
END
$$;
