-- An owner who is no superuser: what is missing is exact, and is asked of those who may do it.
--
-- Two grants were never named. The web reads as tonggao_reader (SET ROLE), for which the owner is a member of it: on
-- PostgreSQL 16 and later with the option SET, which who makes a role is not given. And views of later migrations
-- are readable by default privileges, which belong to the role that owns the archive and do not move with a backup.

CREATE OR REPLACE FUNCTION tonggao.reading_statements() RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    login constant name := 'tonggao_reader_login';
    known oid := (SELECT r.oid FROM pg_roles r WHERE r.rolname = login);
    readers oid := (SELECT r.oid FROM pg_roles r WHERE r.rolname = 'tonggao_reader');
    superuser boolean := (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user);
    become text := CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    IF readers IS NULL THEN
        RETURN NEXT 'CREATE ROLE tonggao_reader NOLOGIN';
    END IF;
    IF known IS NULL THEN
        RETURN NEXT 'CREATE ROLE tonggao_reader_login LOGIN';
    ELSIF NOT (SELECT r.rolcanlogin FROM pg_roles r WHERE r.oid = known) THEN
        RETURN NEXT 'ALTER ROLE tonggao_reader_login LOGIN';
    END IF;
    IF known IS NULL OR readers IS NULL OR NOT pg_has_role(known, readers, 'USAGE') THEN
        RETURN NEXT 'GRANT tonggao_reader TO tonggao_reader_login';
    END IF;
    IF NOT superuser AND (readers IS NULL OR NOT pg_has_role(readers, become)) THEN
        RETURN NEXT format('GRANT tonggao_reader TO %I', current_user);
    END IF;
    RETURN QUERY
    SELECT format('ALTER ROLE tonggao_reader_login SET %s = %L', wanted.name, wanted.value)
    FROM (VALUES ('statement_timeout', '5min'), ('idle_in_transaction_session_timeout', '10min'),
                 ('default_transaction_read_only', 'on')) AS wanted (name, value)
    WHERE NOT EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS set (line)
                      WHERE s.setrole = known AND set.line LIKE wanted.name || '=%');
    -- No table, large object or temporary table is made by a reader. Large objects are the superuser's.
    IF has_database_privilege('public', current_database(), 'TEMPORARY') THEN
        RETURN NEXT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    IF NOT has_database_privilege(coalesce((SELECT r.rolname FROM pg_roles r WHERE r.oid = readers), 'public'),
                                  current_database(), 'CONNECT') THEN
        RETURN NEXT format('GRANT CONNECT ON DATABASE %I TO tonggao_reader', current_database());
    END IF;
    RETURN QUERY
    SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import', 'lo_put', 'lowrite', 'lo_truncate',
                        'lo_truncate64', 'lo_unlink', 'lo_open', 'lo_export')
      AND superuser
      AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0));
    IF readers IS NOT NULL THEN
        RETURN NEXT 'GRANT USAGE ON SCHEMA archive TO tonggao_reader';
        RETURN NEXT 'GRANT SELECT ON ALL TABLES IN SCHEMA archive TO tonggao_reader';
        RETURN NEXT 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA archive TO tonggao_reader';
        RETURN NEXT 'ALTER DEFAULT PRIVILEGES IN SCHEMA archive GRANT SELECT ON TABLES TO tonggao_reader';
    END IF;
END
$$;
COMMENT ON FUNCTION tonggao.reading_statements() IS
    'What is still to be done, or done again without harm, so that the archive can be read through tonggao_reader_login.';

CREATE OR REPLACE FUNCTION tonggao.prepare_reading() RETURNS SETOF text
LANGUAGE plpgsql SET client_min_messages = error AS $$
DECLARE
    statement text;
BEGIN
    -- Twice: what is granted to the roles is only known to be missing once they are there.
    FOR round IN 1..2 LOOP
        FOR statement IN SELECT s FROM tonggao.reading_statements() AS s LOOP
            BEGIN
                EXECUTE statement;
            EXCEPTION
                WHEN insufficient_privilege OR undefined_object THEN NULL;
                WHEN duplicate_object OR unique_violation OR internal_error THEN NULL;  -- another database did it just now
            END;
        END LOOP;
    END LOOP;
    RETURN QUERY
    SELECT s FROM tonggao.reading_statements() AS s
    WHERE NOT (s LIKE 'GRANT % IN SCHEMA archive %' OR s LIKE 'GRANT % ON SCHEMA archive %'
               OR s LIKE 'ALTER DEFAULT PRIVILEGES %');
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tonggao_reader')
       AND NOT has_schema_privilege('tonggao_reader', 'archive', 'USAGE') THEN
        RETURN NEXT 'GRANT USAGE ON SCHEMA archive TO tonggao_reader';
    END IF;
    RETURN QUERY
    SELECT format('GRANT SELECT ON %s TO tonggao_reader', c.oid::regclass)
    FROM pg_class c, pg_roles r
    WHERE r.rolname = 'tonggao_reader' AND c.relnamespace = 'archive'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
      AND NOT has_table_privilege(r.oid, c.oid, 'SELECT');
END
$$;
COMMENT ON FUNCTION tonggao.prepare_reading() IS
    'Does of that what this role may, and returns what a superuser, or the database''s owner, is to be asked for.';

-- 0027 let this function call one of schema tonggao, into which no reader may look.
ALTER FUNCTION archive.snippet(text, text[], integer, text, text) SECURITY DEFINER;
