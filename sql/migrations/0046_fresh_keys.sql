-- Near-duplicate keys are written to a small table first, and sorted into the large one in order.
--
-- The 33 keys of a text are random numbers. Written straight into an index of a gigabyte they touch 33 pages,
-- each logged whole after every checkpoint. Now they wait beside it, where all pages are at hand, and a slice of
-- the keys' range is moved as soon as it has many for each page of the large index. A look-up asks both tables
-- in one statement, and a key is moved by one: whoever asks finds it in exactly one of them.

CREATE TABLE tonggao.fresh_key (
    key            bigint NOT NULL,
    fingerprint_id bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 100000, autovacuum_vacuum_insert_threshold = -1);
CREATE INDEX fresh_key_order ON tonggao.fresh_key (key);
COMMENT ON TABLE tonggao.fresh_key IS 'Keys as in tonggao.fingerprint_key that are not sorted into it yet. A key is in one of the two.';
COMMENT ON COLUMN tonggao.fresh_key.key IS 'See tonggao.fingerprint_key.';
COMMENT ON COLUMN tonggao.fresh_key.fingerprint_id IS 'The text that has this key.';
COMMENT ON TABLE tonggao.fingerprint_key IS 'Where near-duplicates meet: bands of MinHash and sampled sentences. The latest ones wait in tonggao.fresh_key.';

CREATE TABLE tonggao.fresh_key_slice (
    begins_after bigint NOT NULL
);
CREATE UNIQUE INDEX fresh_key_slice_single ON tonggao.fresh_key_slice ((true));
INSERT INTO tonggao.fresh_key_slice VALUES (-1);
COMMENT ON TABLE tonggao.fresh_key_slice IS 'Which slice of the fresh keys is sorted in next: one row, held by whoever does.';
COMMENT ON COLUMN tonggao.fresh_key_slice.begins_after IS 'The greatest key of the slice before; -1 at the beginning of the range.';

CREATE FUNCTION tonggao.next_fresh_keys(begins_after bigint, most integer) RETURNS TABLE (ends_with bigint, waiting bigint, due boolean)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    last     CONSTANT bigint := (1::bigint << 62) - 1;
    sorted   CONSTANT float8 := pg_relation_size('tonggao.fingerprint_key') / 44.0;  -- bytes of a row
    width    CONSTANT float8 := last / greatest(1, floor(sorted / 320000));
    keys     bigint;
BEGIN
    ends_with := CASE WHEN last - begins_after < width * 1.5 THEN last ELSE begins_after + width::bigint END;
    SELECT count(*), max(f.key) INTO waiting, keys
    FROM (SELECT f.key FROM tonggao.fresh_key f WHERE f.key > begins_after AND f.key <= ends_with ORDER BY f.key LIMIT most) AS f;
    IF waiting = most THEN
        ends_with := keys;
    END IF;
    due := waiting > 0 AND waiting >= sorted * ((ends_with - begins_after) / last::float8) / 16;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION tonggao.next_fresh_keys(begins_after bigint, most integer) IS
    'The next slice of the fresh keys: where it ends, how many it has, and whether these are one for each sixteen of its range that are sorted in, so twenty a page.';

CREATE FUNCTION tonggao.sort_in_keys(most integer) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    place bigint;
    slice record;
    moved bigint;
BEGIN
    SELECT s.begins_after INTO place FROM tonggao.fresh_key_slice s FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    SELECT * INTO slice FROM tonggao.next_fresh_keys(place, most);
    IF NOT slice.due THEN
        RETURN 0;
    END IF;
    WITH taken AS (
        DELETE FROM tonggao.fresh_key f WHERE f.key > place AND f.key <= slice.ends_with RETURNING f.key, f.fingerprint_id
    )
    INSERT INTO tonggao.fingerprint_key (key, fingerprint_id) SELECT t.key, t.fingerprint_id FROM taken t ORDER BY t.key;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE tonggao.fresh_key_slice SET begins_after = CASE WHEN slice.ends_with = (1::bigint << 62) - 1 THEN -1 ELSE slice.ends_with END;
    RETURN moved;
END
$$;
COMMENT ON FUNCTION tonggao.sort_in_keys(most integer) IS 'Sorts the next slice of the fresh keys in, if it is due, and at most so many; how many these were. 0 where another is at it.';

CREATE FUNCTION tonggao.near_texts(keys bigint[], owners bigint[]) RETURNS TABLE (owner bigint, fingerprint_id bigint, shared bigint)
LANGUAGE sql STABLE ROWS 100 SET enable_seqscan = off SET jit = off AS $$
    SELECT ranked.owner, ranked.fingerprint_id, ranked.shared FROM (
        SELECT wanted.owner, near.fingerprint_id, count(*) AS shared,
               row_number() OVER (PARTITION BY wanted.owner
                                  ORDER BY count(*) DESC, min(abs(near.key - wanted.key)), near.fingerprint_id) AS place
        FROM (SELECT * FROM unnest(keys, owners) AS u (key, owner) ORDER BY u.key) AS wanted
        CROSS JOIN LATERAL (
            (SELECT k.key, k.fingerprint_id
             FROM (SELECT * FROM tonggao.fingerprint_key UNION ALL SELECT * FROM tonggao.fresh_key) AS k
             WHERE k.key >= wanted.key AND k.key <= (wanted.key | 65535) AND k.fingerprint_id < wanted.owner
             ORDER BY k.key LIMIT 12)
            UNION ALL
            (SELECT k.key, k.fingerprint_id
             FROM (SELECT * FROM tonggao.fingerprint_key UNION ALL SELECT * FROM tonggao.fresh_key) AS k
             WHERE k.key < wanted.key AND k.key >= (wanted.key & ~65535::bigint) AND k.fingerprint_id < wanted.owner
             ORDER BY k.key DESC LIMIT 12)
        ) AS near
        GROUP BY wanted.owner, near.fingerprint_id
    ) AS ranked
    WHERE ranked.place <= 8
    ORDER BY ranked.owner, ranked.place
$$;
COMMENT ON FUNCTION tonggao.near_texts(keys bigint[], owners bigint[]) IS
    'Texts stored before each owner that share keys with it: for each key the twelve nearest in time on either side, of these the eight that share most keys.';
