-- The cursor of changes misses nothing: each change has a position, given in the order of commits.
--
-- Until now the cursor went by the number of the writing transaction. Those numbers begin anew on another
-- server, so that after a restore nothing was told; and rows were held back while any older transaction
-- of the whole server was open, also in another database. Now a position is given when the transaction
-- commits, one transaction at a time: the lock is taken by a trigger that fires at the commit and is held
-- until the row is seen by others. So whoever sees a position has been able to see all before it.

CREATE SEQUENCE tonggao.change_place AS bigint;
CREATE TABLE tonggao.change_position (
    position  bigint PRIMARY KEY DEFAULT nextval('tonggao.change_place'),
    change_id bigint NOT NULL,
    at        timestamptz NOT NULL
);
ALTER SEQUENCE tonggao.change_place OWNED BY tonggao.change_position.position;
COMMENT ON SEQUENCE tonggao.change_place IS 'The next position of a change.';
COMMENT ON TABLE tonggao.change_position IS 'The order in which changes were committed: what cursors go by.';
COMMENT ON COLUMN tonggao.change_position.position IS 'Rises with every commit; numbers may be missing.';
COMMENT ON COLUMN tonggao.change_position.change_id IS 'The change, in tonggao.change.';
COMMENT ON COLUMN tonggao.change_position.at IS 'Its time there, by which its part of the table is found.';

-- Changes so far keep the order in which they were told: cursors handed out before go on by it.
LOCK TABLE tonggao.change IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO tonggao.change_position (position, change_id, at)
SELECT row_number() OVER (ORDER BY c.xid, c.change_id), c.change_id, c.at FROM tonggao.change c;
SELECT setval('tonggao.change_place', max(position)) FROM tonggao.change_position HAVING count(*) > 0;
CREATE INDEX change_position_by_change ON tonggao.change_position (change_id);

DROP INDEX tonggao.change_order;
ALTER TABLE tonggao.change ALTER COLUMN xid DROP NOT NULL, ALTER COLUMN xid DROP DEFAULT;
COMMENT ON COLUMN tonggao.change.xid IS 'Transaction that wrote it, of changes before cursors went by position; null since.';

CREATE FUNCTION tonggao.give_position() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tonggao.change_position', 0));
    INSERT INTO tonggao.change_position (change_id, at) VALUES (NEW.change_id, NEW.at);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tonggao.give_position() IS 'Gives a change its position when its transaction commits, one transaction at a time.';
CREATE CONSTRAINT TRIGGER change_positioned AFTER INSERT ON tonggao.change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tonggao.give_position();
COMMENT ON TRIGGER change_positioned ON tonggao.change IS 'Deferred to the commit, so that the lock is held for that moment only.';

-- A cursor is "pPOSITION-MICROSECONDS": the place of the last row told, and its time, by which that row
-- is known again. Before positions it was "TRANSACTION.NUMBER".
--
-- An archive restored from a backup older than the cursor has another row at that position, or none. It
-- tells all from a day before the cursor's time on: what was written since the restore is younger than
-- that, and a day is more than two clocks differ. An old cursor has no time; where its row is not found
-- it is refused.
CREATE FUNCTION tonggao.place_of_cursor(given text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
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
$$;
COMMENT ON FUNCTION tonggao.place_of_cursor(text) IS 'The position after which a cursor goes on.';

CREATE OR REPLACE FUNCTION archive.changes_since(cursor text DEFAULT NULL, count integer DEFAULT 1000)
RETURNS TABLE (cursor text, at timestamptz, kind text, release_id bigint, publication_id bigint, revision_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    SELECT 'p' || o.position || '-' || (extract(epoch FROM o.at) * 1000000)::bigint,
           c.at, c.kind, c.release_id, c.publication_id, c.revision_id
    FROM (SELECT p.position, p.change_id, p.at FROM tonggao.change_position p
          WHERE p.position > (SELECT tonggao.place_of_cursor($1))
          ORDER BY p.position LIMIT CASE WHEN $2 < 0 THEN 0 ELSE $2 END) o
    JOIN tonggao.change c ON c.change_id = o.change_id AND c.at = o.at
    ORDER BY o.position
$$;
COMMENT ON FUNCTION archive.changes_since(text, integer) IS
    'What is new or changed after a cursor (null: from the beginning), in the order of commits. Keep the last row''s cursor and ask again with it: nothing is missed, also after a restore; then some may be told twice. count null gives all.';
DROP FUNCTION tonggao.rebase_changes();
