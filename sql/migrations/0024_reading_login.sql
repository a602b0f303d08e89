-- Who reads the archive logs in as a role of its own, which owns nothing.
--
-- A session that only did SET ROLE tonggao_reader is the owner's: RESET ROLE, or SET ROLE to the owner, and
-- it may do everything. tonggao_reader stays the group that privileges hang on. Timeouts on the login role
-- guard against accidents; whoever means harm raises them in his session.

CREATE FUNCTION tonggao.reading_statements() RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
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
COMMENT ON FUNCTION tonggao.reading_statements() IS
    'What is still to be done, or done again without harm, so that the archive can be read through tonggao_reader_login.';

CREATE FUNCTION tonggao.prepare_reading() RETURNS SETOF text
LANGUAGE plpgsql SET client_min_messages = error AS $$
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
COMMENT ON FUNCTION tonggao.prepare_reading() IS
    'Does of that what this role may, and returns what a superuser, or the database''s owner, is to be asked for.';

SELECT tonggao.prepare_reading();
