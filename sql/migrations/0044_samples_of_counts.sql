-- The planner's samples of the kept counts have what publishers and columns are called; they stayed where the only
-- release of such a name was erased. Those of HTTP headers and of the operator's sentences are taken anew, too.

CREATE OR REPLACE FUNCTION tonggao.forget_samples() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record;
    any_row boolean;
BEGIN
    FOR part IN
        SELECT c.oid, c.relname, c.relkind, string_agg(quote_ident(a.attname), ', ') AS columns, array_agg(a.attname) AS names
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'tonggao'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname IN ('revision', 'file', 'file_text', 'file_version', 'url_state', 'backfill_item', 'quarantine', 'content',
                            'dictionary', 'snapshot', 'further_page', 'attempt', 'counted', 'release_count')
          AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
        GROUP BY c.oid, c.relname, c.relkind
    LOOP
        EXECUTE format('ANALYZE tonggao.%I (%s)', part.relname, part.columns);
    END LOOP;
    FOR part IN
        SELECT c.oid, c.relname, a.attname, s.stainherit
        FROM pg_class c
        JOIN pg_statistic s ON s.starelid = c.oid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.staattnum
        WHERE c.relnamespace = 'tonggao'::regnamespace AND c.relkind IN ('r', 'p')
          AND c.relname ~ '^(revision|file|file_text|file_version|url_state|backfill_item|quarantine|content|dictionary'
                         '|snapshot|further_page|attempt|counted|release_count)(_[0-9].*|_rest)?$'
          AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM tonggao.%I)', part.relname) INTO any_row;
        CONTINUE WHEN any_row;
        IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
            DELETE FROM pg_statistic s USING pg_attribute a
            WHERE s.starelid = part.oid AND a.attrelid = part.oid AND a.attname = part.attname AND s.staattnum = a.attnum;
        ELSIF to_regproc('pg_catalog.pg_clear_attribute_stats') IS NOT NULL THEN
            EXECUTE format('SELECT pg_catalog.pg_clear_attribute_stats(%L, %L, %L, %L)',
                           'tonggao', part.relname, part.attname, part.stainherit);
        ELSE
            RETURN NEXT 'tonggao.' || part.relname || '.' || part.attname;
        END IF;
    END LOOP;
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM tonggao.erasure) THEN
        PERFORM tonggao.forget_samples();
    END IF;
END
$$;
