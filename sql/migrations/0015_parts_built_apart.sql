-- A reader cannot stop the writer: a part of a table is built apart and attached.
--
-- CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the parent: it waited for every reader that sat
-- idle in a transaction, and every visit and every other reader waited behind it. ATTACH PARTITION takes
-- SHARE UPDATE EXCLUSIVE on the parent, which no reader and no writer of rows holds; a foreign key of the
-- part takes SHARE ROW EXCLUSIVE on the table it refers to, which meets writers only; and a table with a
-- part for the rest has that part locked in whole, which meets its readers. So callers set a short
-- lock_timeout and try again, one table a transaction.

CREATE FUNCTION tonggao.attach_part(parent text, child text, since timestamptz, until timestamptz) RETURNS boolean
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
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
COMMENT ON FUNCTION tonggao.attach_part(text, text, timestamptz, timestamptz) IS
    'Builds a part of a table apart and attaches it; false where it is there. Set lock_timeout before.';

CREATE OR REPLACE FUNCTION tonggao.ensure_partition(parent text, moment timestamptz) RETURNS text
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
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

CREATE OR REPLACE FUNCTION tonggao.ensure_month(parent text, moment timestamptz) RETURNS text
LANGUAGE plpgsql SET timezone = 'UTC' AS $$
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

-- DETACH PARTITION CONCURRENTLY is refused for a table with a part for the rest, and waits for every
-- reader without a limit: so a month is dropped under a lock that is asked for shortly, by itself.
CREATE FUNCTION tonggao.months_before(parent text, before timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT c.relname::text FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = format('tonggao.%I', parent)::regclass AND c.relname ~ (parent || '_[0-9]{4}m[0-9]{2}$')
      AND to_timestamp(right(c.relname, 7), 'YYYY"m"MM') + interval '1 month' <= before
    ORDER BY c.relname
$$;
COMMENT ON FUNCTION tonggao.months_before(text, timestamptz) IS
    'The months of a table that lie wholly before the moment.';

CREATE FUNCTION tonggao.drop_month(child text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF child !~ '^[a-z]+_[0-9]{4}m[0-9]{2}$' THEN
        RAISE EXCEPTION '% is no month of a table', child USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS tonggao.%I', child);
END
$$;
COMMENT ON FUNCTION tonggao.drop_month(text) IS 'Drops one month of a table. Set lock_timeout before.';
DROP FUNCTION tonggao.drop_months(text, timestamptz);
