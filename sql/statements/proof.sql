-- The chain of days: leaves are put, a day is closed, and what a proof is made of is found.

-- name: lock
-- One process seals at a time; the connection holds it, so that it goes with a process that dies.
SELECT pg_advisory_lock(hashtextextended('tonggao.seal', 0));

-- name: unlock
SELECT pg_advisory_unlock(hashtextextended('tonggao.seal', 0));

-- name: last_root
SELECT r.day, r.root, r.previous, r.tree, r.leaves, r.last_place, r.records_to, r.sealed_at
FROM tonggao.root r ORDER BY r.day DESC LIMIT 1;

-- name: present_day
-- By this server's clock, which gives what is archived its time.
SELECT (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;

-- name: any_value
-- Whether anything was archived before a moment; of records the first is asked, for they have no index by their time.
SELECT coalesce((SELECT v.recorded_at FROM tonggao.revision v ORDER BY v.revision_id LIMIT 1) < %(until)s, false)
    OR EXISTS (SELECT FROM tonggao.content c WHERE c.stored_at < %(until)s)
    OR EXISTS (SELECT FROM tonggao.file f WHERE f.stored_at < %(until)s)
    OR EXISTS (SELECT FROM tonggao.erasure e WHERE e.erased_at < %(until)s);

-- name: records_to
-- Inside the writers' gate: no lower number is still to be committed.
SELECT coalesce((SELECT v.revision_id FROM tonggao.revision v
                 WHERE v.revision_id > %(records_to)s AND v.recorded_at < %(until)s
                 ORDER BY v.revision_id DESC LIMIT 1), %(records_to)s);

-- name: by_index
-- For what puts leaves: where none is yet, the planner takes reading all of them for the cheapest way, and they become many.
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true);

-- name: put_snapshots
-- In one statement, however many there are: in portions by digest it takes eight times as long, for they lie anywhere.
INSERT INTO tonggao.leaf (place, kind, digest)
SELECT (SELECT coalesce(max(l.place), 0) FROM tonggao.leaf l) + row_number() OVER (), 'snapshot', c.digest
FROM tonggao.content c
WHERE c.stored_at >= %(since)s AND c.stored_at < %(until)s
  AND NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.digest = c.digest AND l.kind = 'snapshot' AND l.number IS NULL);

-- name: put_files
INSERT INTO tonggao.leaf (place, kind, digest)
SELECT (SELECT coalesce(max(l.place), 0) FROM tonggao.leaf l) + row_number() OVER (), 'file', f.digest
FROM tonggao.file f
WHERE f.stored_at >= %(since)s AND f.stored_at < %(until)s
  AND NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.digest = f.digest AND l.kind = 'file' AND l.number IS NULL);

-- name: put_records
-- A portion, by number; numbers may leave gaps of any size.
WITH put AS (
    INSERT INTO tonggao.leaf (place, kind, number, digest)
    SELECT (SELECT coalesce(max(l.place), 0) FROM tonggao.leaf l) + row_number() OVER (), 'record', v.revision_id, v.record_digest
    FROM (SELECT v.revision_id, v.record_digest FROM tonggao.revision v
          WHERE v.revision_id > %(after)s AND v.revision_id <= %(last)s
            AND NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.number = v.revision_id AND l.number > %(after)s AND l.kind = 'record')
          ORDER BY v.revision_id LIMIT %(most)s) AS v
    RETURNING number)
SELECT max(p.number) FROM put p;

-- name: put_tombstones
INSERT INTO tonggao.leaf (place, kind, number, digest)
SELECT (SELECT coalesce(max(l.place), 0) FROM tonggao.leaf l) + row_number() OVER (), 'tombstone', e.erasure_id,
       sha256(convert_to(tonggao.tombstone_told(t, e), 'UTF8'))
FROM tonggao.erasure e JOIN tonggao.tombstone t USING (erasure_id)
WHERE e.erased_at < %(until)s
  AND NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.number = e.erasure_id AND l.kind = 'tombstone');

-- name: analyze
-- Nobody else does in time: plans made while the table was empty would read all of it for each value.
ANALYZE tonggao.leaf;

-- name: leaves
SELECT l.place, l.kind, l.number, l.digest FROM tonggao.leaf l
WHERE l.place > %(after)s AND l.place <= %(last)s ORDER BY l.place LIMIT %(most)s;

-- name: last_place
SELECT coalesce(max(l.place), 0) FROM tonggao.leaf l;

-- name: put_root
INSERT INTO tonggao.root (day, root, previous, tree, leaves, last_place, blocks, records_to)
VALUES (%(day)s, %(root)s, %(previous)s, %(tree)s, %(leaves)s, %(last_place)s, %(blocks)s, %(records_to)s)
RETURNING day, root, previous, tree, leaves, last_place, records_to, sealed_at;

-- name: roots
-- From a day on, the oldest first.
SELECT r.day, r.root, r.previous, r.tree, r.leaves, r.last_place, r.records_to, r.sealed_at
FROM tonggao.root r
WHERE (%(first)s::date IS NULL OR r.day >= %(first)s) AND (%(last)s::date IS NULL OR r.day <= %(last)s)
ORDER BY r.day;

-- name: blocks
SELECT r.blocks FROM tonggao.root r WHERE r.day = %(day)s;

-- name: timestamps
SELECT t.day, t.token, t.authority, t.stamped_at FROM tonggao.root_timestamp t
WHERE t.day BETWEEN %(first)s AND %(last)s ORDER BY t.day;

-- name: try_stamping
SELECT pg_try_advisory_xact_lock(hashtextextended('tonggao.stamp', 0));

-- name: first_unstamped
-- The first root since the last one with a timestamp; where none has one, the last root, which all before it are chained to.
SELECT r.day, r.root, r.previous, r.tree, r.leaves, r.last_place, r.records_to, r.sealed_at
FROM tonggao.root r
WHERE r.day > coalesce((SELECT max(t.day) FROM tonggao.root_timestamp t), (SELECT max(n.day) - 1 FROM tonggao.root n))
ORDER BY r.day LIMIT 1;

-- name: last_stamped
SELECT max(t.day) FROM tonggao.root_timestamp t;

-- name: told_unstamped
-- Whether the operator was told that no root after this day's gets a timestamp.
SELECT EXISTS (SELECT FROM tonggao.event e WHERE e.kind = %(kind)s AND e.evidence ->> 'after' = %(after)s);

-- name: put_timestamp
INSERT INTO tonggao.root_timestamp (day, token, authority, stamped_at)
VALUES (%(day)s, %(token)s, %(authority)s, %(stamped_at)s) ON CONFLICT DO NOTHING;

-- name: leaves_of_release
-- All digests of a release, with the leaf of each: texts and pages of its publications, their files, what was erased of it.
WITH mine AS MATERIALIZED (
    SELECT p.publication_id, tonggao.digest_of(p.url) AS page_digest FROM tonggao.publication p WHERE p.release_id = %(release_id)s
), stone AS MATERIALIZED (
    SELECT t.* FROM mine p JOIN tonggao.tombstone t ON t.kind = 'publication' AND t.subject = p.page_digest
), gone AS MATERIALIZED (
    SELECT d ->> 'kind' AS kind, (d ->> 'row')::bigint AS number, decode(d ->> 'digest', 'hex') AS digest
    FROM stone t, jsonb_array_elements(t.digests) AS d
), told AS (
    SELECT 'record' AS kind, v.revision_id AS number, v.record_digest AS digest FROM mine JOIN tonggao.revision v USING (publication_id)
    UNION
    SELECT g.kind, g.number, g.digest FROM gone g WHERE g.kind = 'record'
    UNION
    SELECT 'snapshot', NULL, n.digest FROM mine JOIN tonggao.snapshot n USING (publication_id)
    UNION
    SELECT 'snapshot', NULL, f.digest FROM mine JOIN tonggao.further_page f USING (publication_id)
    UNION
    SELECT 'file', NULL, v.digest
    FROM mine JOIN tonggao.kept_file k USING (page_digest) JOIN tonggao.file_version v USING (url_digest)
    UNION
    SELECT 'file', NULL, g.digest FROM gone g WHERE g.kind = 'file'
    UNION
    SELECT 'tombstone', s.erasure_id, sha256(convert_to(tonggao.tombstone_told(s, e), 'UTF8'))
    FROM tonggao.tombstone s JOIN tonggao.erasure e USING (erasure_id)
    WHERE (s.kind, s.subject) IN (SELECT t.kind, t.subject FROM stone t
                                  UNION ALL SELECT 'file', g.digest FROM gone g WHERE g.kind = 'file')
)
SELECT o.kind, o.number, o.digest, l.place
FROM told o LEFT JOIN LATERAL (
    SELECT l.place FROM tonggao.leaf l WHERE l.kind = 'record' AND o.kind = 'record' AND l.number = o.number
    UNION ALL
    SELECT l.place FROM tonggao.leaf l
    WHERE l.kind = 'tombstone' AND o.kind = 'tombstone' AND l.number = o.number AND l.digest = o.digest
    UNION ALL
    SELECT l.place FROM tonggao.leaf l WHERE l.number IS NULL AND l.digest = o.digest AND l.kind = o.kind
    LIMIT 1) AS l ON true
ORDER BY l.place, o.kind, o.number, o.digest;

-- name: leaves_of_bytes
-- A page or a file by its digest, with the tombstone of a file that was erased; without a place what has no leaf yet.
WITH put AS MATERIALIZED (
    SELECT l.kind, l.number, l.digest, l.place FROM tonggao.leaf l WHERE l.number IS NULL AND l.digest = %(digest)s
)
SELECT kind, number, digest, place FROM put
UNION ALL
SELECT 'snapshot', NULL, c.digest, NULL FROM tonggao.content c
WHERE c.digest = %(digest)s AND NOT EXISTS (SELECT FROM put WHERE kind = 'snapshot')
UNION ALL
SELECT 'file', NULL, f.digest, NULL FROM tonggao.file f
WHERE f.digest = %(digest)s AND NOT EXISTS (SELECT FROM put WHERE kind = 'file')
UNION ALL
SELECT l.kind, l.number, l.digest, l.place
FROM tonggao.tombstone t JOIN tonggao.erasure e USING (erasure_id)
JOIN tonggao.leaf l ON l.kind = 'tombstone' AND l.number = t.erasure_id
                    AND l.digest = sha256(convert_to(tonggao.tombstone_told(t, e), 'UTF8'))
WHERE t.kind = 'file' AND t.subject = %(digest)s
ORDER BY place;

-- name: record
SELECT p.url, {v.record} FROM tonggao.revision v JOIN tonggao.publication p USING (publication_id)
WHERE v.revision_id = %(number)s;

-- name: tombstone
SELECT tonggao.tombstone_told(t, e) FROM tonggao.erasure e JOIN tonggao.tombstone t USING (erasure_id)
WHERE e.erasure_id = %(number)s AND sha256(convert_to(tonggao.tombstone_told(t, e), 'UTF8')) = %(digest)s LIMIT 1;

-- name: leaves_amiss
-- Leaves whose value is another one now or is gone without a tombstone. Pages that a policy deleted are no matter.
WITH part AS MATERIALIZED (
    SELECT l.place, l.kind, l.number, l.digest FROM tonggao.leaf l WHERE l.place > %(after)s AND l.place <= %(last)s
), erased AS MATERIALIZED (
    SELECT (d ->> 'row')::bigint AS number, decode(d ->> 'digest', 'hex') AS digest
    FROM tonggao.tombstone t, jsonb_array_elements(t.digests) AS d WHERE d ->> 'kind' = 'record'
)
SELECT l.place, l.kind, l.number, l.digest, v.record_digest AS found
FROM part l LEFT JOIN tonggao.revision v ON v.revision_id = l.number
WHERE l.kind = 'record' AND v.record_digest IS DISTINCT FROM l.digest
  AND (v.revision_id IS NOT NULL
       OR NOT EXISTS (SELECT FROM erased e WHERE e.number = l.number AND e.digest = l.digest))
UNION ALL
SELECT l.place, l.kind, l.number, l.digest, NULL FROM part l
WHERE l.kind = 'file' AND NOT EXISTS (SELECT FROM tonggao.file f WHERE f.digest = l.digest)
  AND NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'file' AND t.subject = l.digest)
UNION ALL
SELECT l.place, l.kind, l.number, l.digest, NULL FROM part l
WHERE l.kind = 'tombstone' AND NOT EXISTS (
    SELECT FROM tonggao.erasure e JOIN tonggao.tombstone t USING (erasure_id)
    WHERE e.erasure_id = l.number AND sha256(convert_to(tonggao.tombstone_told(t, e), 'UTF8')) = l.digest)
ORDER BY place;

-- name: pages_unknown
-- Leaves of pages that nothing in the archive has: looked for only where a root does not agree, for it reads all snapshots.
SELECT l.place, l.kind, l.number, l.digest, NULL::bytea AS found FROM tonggao.leaf l
WHERE l.place > %(after)s AND l.place <= %(last)s AND l.kind = 'snapshot'
  AND NOT EXISTS (SELECT FROM tonggao.content c WHERE c.digest = l.digest)
  AND l.digest NOT IN (SELECT n.digest FROM tonggao.snapshot n)
  AND NOT EXISTS (SELECT FROM tonggao.further_page f WHERE f.digest = l.digest)
ORDER BY l.place;

-- name: records_without_leaf
-- Records under numbers that roots cover all of.
SELECT m.revision_id, v.record_digest
FROM (SELECT n.revision_id FROM tonggao.revision n
      WHERE n.revision_id > %(after)s AND n.revision_id <= %(last)s
        AND NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.number = n.revision_id AND l.number > %(after)s AND l.kind = 'record')
      OFFSET 0) AS m  -- by the index alone: the rows are read of those that are found
JOIN tonggao.revision v USING (revision_id)
ORDER BY m.revision_id;
