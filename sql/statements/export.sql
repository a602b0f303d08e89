-- Statements that read the archive out, each publication's rows together and in time.

-- name: readings
WITH found AS MATERIALIZED (
    SELECT m.publication_id
    FROM archive.matches(%(words)s, %(first_day)s::date, %(last_day)s::date, %(region)s, %(source)s, %(kind)s, %(exact)s,
                         %(named_source)s, %(column_name)s) m
    WHERE %(searched)s
), changed AS MATERIALIZED (
    SELECT DISTINCT p.publication_id
    FROM archive.changes_since(%(after)s, NULL) c
    JOIN tonggao.publication p ON p.publication_id = c.publication_id OR p.release_id = c.release_id
    WHERE %(after)s::text IS NOT NULL
)
SELECT p.publication_id, p.release_id, p.url, p.source_id, s.name AS source_column, s.publisher, s.region AS source_region,
       s.kind AS source_kind, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.listed_on,
       p.publication_id = r.canonical_id AS canonical, v.revision_id = p.revision_id AS in_force,
       v.revision_id, v.valid_from, v.dated_at, v.reparsed,
       coalesce(v.brought_by, CASE WHEN v.reparsed THEN 'reparse' END) AS brought_by,
       v.record_digest, {v.record}
FROM tonggao.publication p
JOIN tonggao.release r ON r.release_id = p.release_id
JOIN tonggao.source s ON s.source_id = p.source_id
JOIN tonggao.revision v ON v.publication_id = p.publication_id
WHERE (%(history)s OR v.revision_id = p.revision_id)
  AND (%(without_bytes)s IS NOT TRUE OR NOT EXISTS (SELECT FROM tonggao.content c WHERE c.digest = v.snapshot_digest))
  AND (%(source)s::text IS NULL OR p.source_id = %(source)s)
  AND (%(since)s::timestamptz IS NULL OR v.dated_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR v.dated_at < %(until)s)
  AND (NOT %(searched)s OR p.publication_id IN (SELECT f.publication_id FROM found f))
  AND (%(after)s::text IS NULL OR p.publication_id IN (SELECT c.publication_id FROM changed c))
ORDER BY p.publication_id, v.valid_from, v.recorded_at;

-- name: publications
-- Texts in force, of schema archive alone: what a reader's login may ask.
WITH found AS MATERIALIZED (
    SELECT m.publication_id
    FROM archive.matches(%(words)s, %(first_day)s::date, %(last_day)s::date, %(region)s, %(source)s, %(kind)s, %(exact)s,
                         %(named_source)s, %(column_name)s) m
    WHERE %(searched)s
), changed AS MATERIALIZED (
    SELECT DISTINCT p.publication_id
    FROM archive.changes_since(%(after)s, NULL) c
    JOIN archive.publications p ON p.publication_id = c.publication_id OR p.release_id = c.release_id
    WHERE %(after)s::text IS NOT NULL
)
SELECT p.publication_id, p.release_id, p.url, p.source_id, s.name AS source_column, s.publisher, s.region AS source_region,
       s.kind AS source_kind, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.listed_on, p.canonical, true AS in_force,
       p.revision_id, p.valid_from, p.dated_at, p.reparsed, p.brought_by, decode(p.record_digest, 'hex') AS record_digest,
       {p.record}
FROM archive.publications p
JOIN archive.sources s ON s.source_id = p.source_id
WHERE p.title IS NOT NULL
  AND (%(source)s::text IS NULL OR p.source_id = %(source)s)
  AND (%(since)s::timestamptz IS NULL OR p.dated_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR p.dated_at < %(until)s)
  AND (NOT %(searched)s OR p.publication_id IN (SELECT f.publication_id FROM found f))
  AND (%(after)s::text IS NULL OR p.publication_id IN (SELECT c.publication_id FROM changed c))
ORDER BY p.publication_id;

-- name: pages
WITH found AS MATERIALIZED (
    SELECT m.publication_id
    FROM archive.matches(%(words)s, %(first_day)s::date, %(last_day)s::date, %(region)s, %(source)s, %(kind)s, %(exact)s,
                         %(named_source)s, %(column_name)s) m
    WHERE %(searched)s
), changed AS MATERIALIZED (
    SELECT DISTINCT p.publication_id
    FROM archive.changes_since(%(after)s, NULL) c
    JOIN tonggao.publication p ON p.publication_id = c.publication_id OR p.release_id = c.release_id
    WHERE %(after)s::text IS NOT NULL
)
SELECT p.publication_id, p.url, p.source_id, s.name AS source_column, s.publisher, s.region AS source_region,
       s.kind AS source_kind, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.listed_on,
       n.snapshot_id, n.fetched_at, n.digest, n.status, n.http_charset, n.headers,
       CASE WHEN v.next_pages <> '{}' THEN v.revision_id END AS joined_revision
FROM tonggao.publication p
JOIN tonggao.source s ON s.source_id = p.source_id
JOIN tonggao.snapshot n ON n.publication_id = p.publication_id
JOIN tonggao.content c ON c.digest = n.digest
LEFT JOIN LATERAL (
    SELECT w.revision_id, w.next_pages FROM tonggao.revision w
    WHERE w.publication_id = p.publication_id AND w.valid_from <= n.fetched_at
    ORDER BY w.valid_from DESC, w.recorded_at DESC
    LIMIT 1
) v ON true
WHERE (%(source)s::text IS NULL OR p.source_id = %(source)s)
  AND (%(since)s::timestamptz IS NULL OR p.dated_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR p.dated_at < %(until)s)
  AND (NOT %(searched)s OR p.publication_id IN (SELECT f.publication_id FROM found f))
  AND (%(after)s::text IS NULL OR p.publication_id IN (SELECT c.publication_id FROM changed c))
ORDER BY p.publication_id, n.fetched_at;

-- name: further_pages
-- The later pages that continue a snapshot; digest is null where a policy deleted the bytes.
SELECT f.url, f.received_at, c.digest, f.status, f.http_charset, f.headers
FROM tonggao.further_page f
LEFT JOIN tonggao.content c ON c.digest = f.digest
WHERE f.publication_id = %(publication_id)s AND f.fetched_at = %(fetched_at)s
ORDER BY f.place;

-- name: pages_to_reparse
-- Pages whose version was not yet read by this parser, in an order that an interrupted run resumes.
SELECT p.publication_id, p.url, p.source_id, p.listed_on, n.digest, n.http_charset, v.revision_id, v.valid_from,
       v.parser_version, v.published_at, v.run_id, cardinality(v.next_pages) AS next_pages, v.record_digest
FROM tonggao.publication p
JOIN tonggao.revision v ON v.publication_id = p.publication_id
JOIN tonggao.snapshot n ON n.publication_id = p.publication_id AND n.fetched_at = v.valid_from
JOIN tonggao.content c ON c.digest = n.digest
WHERE (p.publication_id, n.fetched_at) > (%(after_publication)s, %(after_fetched)s::timestamptz)
  AND (%(source)s::text IS NULL OR p.source_id = %(source)s)
  AND (%(since)s::timestamptz IS NULL OR n.fetched_at >= %(since)s)
  AND NOT EXISTS (SELECT FROM tonggao.revision w
                  WHERE w.publication_id = v.publication_id AND w.valid_from = v.valid_from
                    AND (w.recorded_at, w.revision_id) > (v.recorded_at, v.revision_id))
  AND v.parser_version <> %(parser_version)s
ORDER BY p.publication_id, n.fetched_at
LIMIT %(count)s;

-- name: reading
SELECT p.publication_id, p.release_id, p.url, p.source_id, s.name AS source_column, s.publisher, s.region AS source_region,
       s.kind AS source_kind, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.listed_on,
       p.publication_id = r.canonical_id AS canonical, v.revision_id = p.revision_id AS in_force,
       v.revision_id, v.valid_from, v.dated_at, v.reparsed,
       coalesce(v.brought_by, CASE WHEN v.reparsed THEN 'reparse' END) AS brought_by,
       v.record_digest, {v.record}
FROM tonggao.revision v
JOIN tonggao.publication p ON p.publication_id = v.publication_id
JOIN tonggao.release r ON r.release_id = p.release_id
JOIN tonggao.source s ON s.source_id = p.source_id
WHERE v.revision_id = %(revision_id)s;

-- name: release_of
SELECT m.merged_into AS release_id FROM archive.merged m WHERE m.release_id = %(release_id)s
UNION ALL
SELECT r.release_id FROM archive.releases r WHERE r.release_id = %(release_id)s
UNION ALL
SELECT e.release_id FROM archive.erasures e WHERE e.release_id = %(release_id)s
LIMIT 1;

-- name: publication_at
SELECT p.publication_id, p.release_id FROM tonggao.publication p WHERE tonggao.digest_of(p.url) = tonggao.digest_of(%(key)s)
UNION ALL
SELECT p.publication_id, p.release_id FROM tonggao.former_key f JOIN tonggao.publication p USING (publication_id)
WHERE tonggao.digest_of(f.url) = tonggao.digest_of(%(url)s)
LIMIT 1;

-- name: in_force
-- The text in force of a publication, else of each release's canonical one; of schema archive alone, as the next three are.
SELECT p.publication_id, p.release_id, p.url, p.source_id, s.name AS source_column, s.publisher, s.region AS source_region,
       s.kind AS source_kind, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.listed_on, p.canonical, true AS in_force,
       p.revision_id, p.valid_from, p.dated_at, p.reparsed, p.brought_by, decode(p.record_digest, 'hex') AS record_digest,
       {p.record}
FROM archive.publications p
JOIN archive.sources s ON s.source_id = p.source_id
WHERE p.release_id = ANY (%(release_ids)s::bigint[]) AND p.title IS NOT NULL
  AND CASE WHEN %(publication_id)s::bigint IS NULL THEN p.canonical ELSE p.publication_id = %(publication_id)s END;

-- name: members
SELECT p.publication_id, p.url, p.source_id, p.publisher, p.title, p.named_source, p.published_at, p.published_precision,
       p.first_seen_at, p.withdrawn_at, p.ranked_at, p.own_story, p.joined_by, p.joined_to, p.evidence, p.canonical,
       coalesce((SELECT jsonb_object_agg(way, texts) FROM (
           SELECT coalesce(t.brought_by, 'not recorded') AS way, count(*) AS texts
           FROM archive.revisions t WHERE t.publication_id = p.publication_id GROUP BY 1) AS ways), '{}') AS texts, p.erased_at
FROM archive.publications p
WHERE p.release_id = %(release_id)s
ORDER BY p.ranked_at, p.own_story DESC, p.first_seen_at, p.publication_id;

-- name: neighbours
SELECT l.other_id, l.kind, r.title, l.evidence
FROM archive.links l JOIN archive.releases r ON r.release_id = l.other_id
WHERE l.release_id = %(release_id)s
ORDER BY l.kind, l.other_id;

-- name: shared_files
-- Files of a release that hang on others too.
SELECT min(k.url) AS url, k.digest, coalesce(bool_or(k.main), false) AS main, o.releases, o.others
FROM archive.files k
CROSS JOIN LATERAL (
    SELECT count(DISTINCT n.release_id) AS releases, (array_agg(DISTINCT n.release_id))[1:5] AS others
    FROM archive.files n WHERE n.digest = k.digest AND n.release_id <> %(release_id)s) AS o
WHERE k.release_id = %(release_id)s AND k.digest IS NOT NULL AND o.releases > 0
GROUP BY k.digest, o.releases, o.others
ORDER BY 3 DESC, 1;

-- name: descriptions
SELECT n.nspname AS schema, c.relname::text AS object,  -- text: a signature is longer than a name's 63 bytes
       CASE c.relkind WHEN 'v' THEN 'view' WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' END AS kind,
       a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attnum IS NULL THEN obj_description(c.oid, 'pg_class') ELSE col_description(c.oid, a.attnum) END AS meaning
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT NULL::name AS attname, NULL::oid AS atttypid, NULL::integer AS atttypmod, NULL::smallint AS attnum
    UNION ALL
    SELECT t.attname, t.atttypid, t.atttypmod, t.attnum FROM pg_attribute t
    WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped
) a ON true
WHERE n.nspname = %(schema)s AND c.relkind IN ('v', 'r', 'p') AND NOT c.relispartition
UNION ALL
SELECT n.nspname, f.proname::text || '(' || pg_get_function_arguments(f.oid) || ')', 'function', NULL,
       pg_get_function_result(f.oid), obj_description(f.oid, 'pg_proc')
FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
WHERE n.nspname = %(schema)s
ORDER BY 3 DESC, 2, 4 NULLS FIRST;

-- name: prune_contents
-- Bytes of pages that were last received before a day; never those of the texts in force, unless asked, nor of what is held.
DELETE FROM tonggao.content c
WHERE c.stored_at < %(before)s
  AND c.digest NOT IN (
      SELECT n.digest FROM tonggao.held h JOIN tonggao.publication q USING (release_id) JOIN tonggao.snapshot n USING (publication_id)
      UNION ALL
      SELECT f.digest FROM tonggao.held h JOIN tonggao.publication q USING (release_id) JOIN tonggao.further_page f USING (publication_id))
  AND (%(all)s OR NOT EXISTS (SELECT FROM tonggao.publication p WHERE p.body_digest = c.digest)
       AND NOT EXISTS (
           SELECT FROM tonggao.further_page f
           WHERE f.digest = c.digest AND NOT EXISTS (
               SELECT FROM tonggao.further_page g
               WHERE g.publication_id = f.publication_id AND g.fetched_at > f.fetched_at)))
RETURNING length(c.bytes) AS bytes;

-- name: reparse_progress
SELECT after_publication, after_fetched FROM tonggao.reparse
WHERE parser_version = %(parser_version)s AND selection = %(selection)s;

-- name: keep_reparse_progress
INSERT INTO tonggao.reparse (parser_version, selection, after_publication, after_fetched)
VALUES (%(parser_version)s, %(selection)s, %(after_publication)s, %(after_fetched)s)
ON CONFLICT (parser_version, selection) DO UPDATE
SET after_publication = excluded.after_publication, after_fetched = excluded.after_fetched, updated_at = now();

-- name: end_reparse
DELETE FROM tonggao.reparse WHERE parser_version = %(parser_version)s AND selection = %(selection)s;

-- name: search
SELECT h.release_id, h.publication_id, h.title, h.snippet, h.dated_at, h.source_id, h.url, h.copies, h.rank, h.found_in,
       h.release_title, h.release_url, h.release_dated_at, s.name AS source_name, s.publisher, h.matched_in
FROM archive.search(%(query)s, %(since)s, %(until)s, %(region)s, %(source)s, %(sort)s, %(count)s, %(skip)s,
                    %(kind)s, %(exact)s) WITH ORDINALITY AS h
JOIN archive.sources s ON s.source_id = h.source_id
ORDER BY h.ordinality;

-- name: facets
SELECT f.facet, f.code, f.name, f.parent, f.releases
FROM archive.search_facets(%(query)s, %(since)s, %(until)s, %(region)s, %(source)s, %(kind)s, %(exact)s) AS f;

-- name: total
SELECT count(*) AS releases FROM archive.matches(%(query)s, %(since)s, %(until)s, %(region)s, %(source)s, %(kind)s, %(exact)s);

-- name: has_source
SELECT EXISTS (SELECT FROM archive.sources s WHERE s.source_id = %(source)s);

-- name: any_release
SELECT 1 FROM archive.releases LIMIT 1;

-- name: newest_cursor
-- Where the changes end now, from a cursor on.
SELECT c.cursor FROM archive.changes_since(%(after)s, NULL) WITH ORDINALITY AS c ORDER BY c.ordinality DESC LIMIT 1;

-- name: changed_months
-- Months (Asia/Shanghai) in which a publication that changed lies or ever lay; all where there is no cursor.
WITH changed AS MATERIALIZED (
    SELECT p.publication_id
    FROM archive.changes_since(%(after)s, NULL) c
    JOIN tonggao.publication p ON p.publication_id = c.publication_id OR p.release_id = c.release_id
    WHERE %(after)s::text IS NOT NULL
), dated AS (
    SELECT v.dated_at FROM tonggao.revision v
    WHERE %(after)s::text IS NULL OR v.publication_id IN (SELECT c.publication_id FROM changed c)
    UNION ALL
    SELECT m.old_value
    FROM tonggao.mended_time m JOIN tonggao.revision v ON v.revision_id = m.row_key::bigint
    WHERE m.relation = 'revision' AND v.publication_id IN (SELECT c.publication_id FROM changed c)
)
SELECT to_char(d.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month FROM dated d
UNION
SELECT to_char(gone.day, 'YYYY-MM')
FROM archive.changes_since(%(after)s, NULL) c
JOIN tonggao.tombstone t ON t.publication_id = c.publication_id
CROSS JOIN LATERAL unnest(t.dated_on) AS gone (day)
WHERE %(after)s::text IS NOT NULL AND c.kind = 'erased'
ORDER BY 1;

-- name: revisions
SELECT v.revision_id, v.publication_id, v.url, v.number, v.in_force, v.reparsed, v.valid_from, v.title, v.body
FROM archive.revisions v
JOIN archive.publications p ON p.publication_id = v.publication_id
WHERE p.release_id = %(release_id)s
ORDER BY p.canonical DESC, v.publication_id, v.number;

-- name: read_from
-- Of texts the bytes that each was read from; the publications bound what is looked through.
SELECT v.revision_id, v.snapshot_digest FROM archive.revisions v
WHERE v.publication_id = ANY(%(publications)s::bigint[]) AND v.revision_id = ANY(%(revisions)s::bigint[]);

-- name: seen
-- What a citation needs beside the record: when the page was last seen, and the bytes that its text was read from.
SELECT p.last_seen_at, v.snapshot_digest
FROM archive.publications p
JOIN archive.revisions v ON v.revision_id = p.revision_id AND v.publication_id = p.publication_id
WHERE p.publication_id = %(publication_id)s;
