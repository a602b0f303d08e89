-- Files of releases: addresses to ask, contents, versions, texts.

-- name: note_files
-- What a page offers or shows now. A known address is asked again where a day has passed, or where its bytes are
-- wanted for the first time; what it gave last is the page's at once.
WITH wanted AS (
    SELECT sha256(convert_to(w.url, 'UTF8')) AS url_digest, w.*
    FROM unnest(%(urls)s::text[], %(hosts)s::text[], %(kinds)s::text[], %(places)s::integer[], %(keeps)s::boolean[])
         AS w (url, host, kind, place, keep)
), addressed AS (
    INSERT INTO tonggao.file_address AS a (url_digest, url, host, kind, keep, next_try_at)
    SELECT url_digest, url, host, kind, keep, %(now)s FROM wanted ORDER BY url_digest
    ON CONFLICT (url_digest) DO UPDATE
    SET keep = a.keep OR excluded.keep,
        next_try_at = CASE WHEN a.next_try_at IS NOT NULL THEN a.next_try_at
                           WHEN a.checked_at IS NULL OR a.checked_at <= %(now)s - interval '1 day'
                                OR (excluded.keep AND NOT a.keep) THEN %(now)s END
    RETURNING a.url_digest, a.digest, a.etag, a.last_modified, a.fetched_at
), noted AS (
    INSERT INTO tonggao.kept_file AS k (page_url, url, kind, digest, source_id, etag, last_modified, fetched_at,
        page_digest, url_digest, place)
    SELECT %(page_url)s, w.url, w.kind, a.digest, %(source_id)s, a.etag, a.last_modified, a.fetched_at,
           sha256(convert_to(%(page_url)s, 'UTF8')), w.url_digest, w.place
    FROM wanted w JOIN addressed a USING (url_digest)
    ON CONFLICT (page_digest, url_digest) DO UPDATE
    SET place = excluded.place, digest = coalesce(excluded.digest, k.digest),
        fetched_at = coalesce(excluded.fetched_at, k.fetched_at), source_id = excluded.source_id
    RETURNING k.kind, k.place, k.digest
)
SELECT digest FROM noted WHERE kind = 'attachment' AND place = 1 AND digest IS NOT NULL;

-- name: look_again
-- These pages were looked at: their files are, too, once a day at most. Rows are locked in order, for others do the same.
WITH looked AS (
    SELECT sha256(convert_to(url, 'UTF8')) AS page_digest, at
    FROM unnest(%(urls)s::text[], %(moments)s::timestamptz[]) AS t (url, at)
), due AS MATERIALIZED (
    SELECT a.url_digest, looked.at
    FROM looked
    JOIN tonggao.kept_file k ON k.page_digest = looked.page_digest
    JOIN tonggao.file_address a ON a.url_digest = k.url_digest
    WHERE a.next_try_at IS NULL AND a.checked_at <= looked.at - interval '1 day'
    ORDER BY a.url_digest
    FOR UPDATE OF a
)
UPDATE tonggao.file_address a SET next_try_at = due.at FROM due WHERE a.url_digest = due.url_digest;

-- name: claim_file
-- One address of a source's files that is due; it is not due for others meanwhile. A host that was asked its number
-- today is left alone until tomorrow.
UPDATE tonggao.file_address a
SET checked_at = %(now)s, next_try_at = %(again)s
FROM (
    SELECT d.url_digest FROM tonggao.file_address d
    WHERE d.next_try_at <= %(now)s
      AND EXISTS (SELECT FROM tonggao.kept_file k WHERE k.url_digest = d.url_digest AND k.source_id = %(source_id)s)
      AND (SELECT count(*) FROM tonggao.file_address o WHERE o.host = d.host AND o.checked_at >= %(today)s) < %(host_day)s
    ORDER BY d.next_try_at, d.url_digest
    LIMIT 1
    FOR UPDATE SKIP LOCKED
) AS due
WHERE a.url_digest = due.url_digest
RETURNING a.url, a.kind, a.keep,
    CASE WHEN NOT a.keep OR EXISTS (SELECT FROM tonggao.file f WHERE f.digest = a.digest AND f.content IS NOT NULL)
         THEN encode(a.digest, 'hex') END AS digest,
    a.etag, a.last_modified, a.fetched_at;

-- name: addresses
SELECT a.url, a.kind, a.keep, encode(a.digest, 'hex') AS digest, a.etag, a.last_modified, a.fetched_at
FROM tonggao.file_address a
WHERE a.url_digest IN (SELECT sha256(convert_to(url, 'UTF8')) FROM unnest(%(urls)s::text[]) AS t (url))
  AND a.digest IS NOT NULL;

-- name: title_of
SELECT v.title, v.origins->>'title' FROM tonggao.publication p
JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
WHERE tonggao.digest_of(p.url) = tonggao.digest_of(%(url)s);

-- name: file_unchanged
WITH asked AS (
    UPDATE tonggao.file_address SET checked_at = %(at)s, outcome = %(outcome)s, detail = NULL, failures = 0, next_try_at = NULL
    WHERE url_digest = sha256(convert_to(%(url)s, 'UTF8'))
    RETURNING url_digest
)
UPDATE tonggao.file_version v SET last_at = greatest(v.last_at, %(at)s)
FROM asked a
WHERE v.url_digest = a.url_digest
  AND v.first_at = (SELECT max(n.first_at) FROM tonggao.file_version n WHERE n.url_digest = a.url_digest);

-- name: file_failed
UPDATE tonggao.file_address
SET checked_at = %(at)s, outcome = %(outcome)s, detail = %(detail)s, failures = failures + 1, next_try_at = %(retry_at)s
WHERE url_digest = sha256(convert_to(%(url)s, 'UTF8'));

-- name: is_read
SELECT EXISTS (SELECT FROM tonggao.file_text WHERE digest = decode(%(digest)s, 'hex'));

-- name: heading
SELECT heading FROM tonggao.file_text WHERE digest = decode(%(digest)s, 'hex') AND NOT recognised;

-- name: hold_address
-- Two that bring the same address store one after the other.
INSERT INTO tonggao.file_address AS a (url_digest, url, host, kind, keep)
VALUES (sha256(convert_to(%(url)s, 'UTF8')), %(url)s, %(host)s, %(kind)s, %(keep)s)
ON CONFLICT (url_digest) DO UPDATE SET keep = a.keep OR excluded.keep
RETURNING encode(a.digest, 'hex') AS digest, a.fetched_at;

-- name: store_file
-- Of an erased content the digest alone: what an address gave stays known.
INSERT INTO tonggao.file AS f (digest, media_type, size, content, format)
SELECT decode(%(digest)s, 'hex'), %(media_type)s, %(size)s,
       CASE WHEN NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'file' AND t.subject = decode(%(digest)s, 'hex'))
            THEN %(content)s::bytea END, %(format)s
ON CONFLICT (digest) DO UPDATE
SET content = coalesce(f.content, excluded.content), format = coalesce(f.format, excluded.format)
WHERE (f.content IS NULL AND excluded.content IS NOT NULL) OR (f.format IS NULL AND excluded.format IS NOT NULL);

-- name: store_version
INSERT INTO tonggao.file_version AS v (url_digest, first_at, last_at, digest, name, media_type, run_id, clock_doubtful)
VALUES (sha256(convert_to(%(url)s, 'UTF8')), %(first_at)s, %(last_at)s, decode(%(digest)s, 'hex'),
        CASE WHEN NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'file' AND t.subject = decode(%(digest)s, 'hex'))
             THEN %(name)s::text END, %(media_type)s, %(run_id)s, %(clock_doubtful)s)
ON CONFLICT (url_digest, first_at) DO UPDATE SET last_at = greatest(v.last_at, excluded.last_at);

-- name: seen_version
UPDATE tonggao.file_version v
SET last_at = greatest(v.last_at, %(last_at)s),
    name = CASE WHEN NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'file' AND t.subject = v.digest)
                THEN coalesce(v.name, %(name)s) END
WHERE v.url_digest = sha256(convert_to(%(url)s, 'UTF8')) AND v.digest = decode(%(digest)s, 'hex')
  AND v.first_at = (SELECT max(n.first_at) FROM tonggao.file_version n WHERE n.url_digest = v.url_digest);

-- name: address_gave
UPDATE tonggao.file_address
SET digest = decode(%(digest)s, 'hex'), etag = %(etag)s, last_modified = %(last_modified)s, fetched_at = %(fetched_at)s,
    checked_at = greatest(checked_at, %(fetched_at)s), outcome = CASE WHEN EXISTS (
        SELECT FROM tonggao.tombstone t WHERE t.kind = 'file' AND t.subject = decode(%(digest)s, 'hex'))
        THEN 'erased' ELSE 'ok' END, detail = NULL, failures = 0, next_try_at = NULL
WHERE url_digest = sha256(convert_to(%(url)s, 'UTF8'));

-- name: pages_gave
UPDATE tonggao.kept_file
SET digest = decode(%(digest)s, 'hex'), etag = %(etag)s, last_modified = %(last_modified)s, fetched_at = %(fetched_at)s
WHERE url_digest = sha256(convert_to(%(url)s, 'UTF8'));

-- name: tell_changed
INSERT INTO tonggao.change (kind, release_id, publication_id, revision_id)
SELECT 'file_changed', p.release_id, p.publication_id, p.revision_id
FROM tonggao.kept_file k
JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
WHERE k.url_digest = sha256(convert_to(%(url)s, 'UTF8')) AND p.revision_id IS NOT NULL
ORDER BY p.publication_id;

-- name: put_text
-- A later reading takes an earlier one's place, but never a text's where it found none.
INSERT INTO tonggao.file_text AS t (digest, recognised, state, detail, body, heading, pages, complete, confidence, reader)
SELECT decode(%(digest)s, 'hex'), %(recognised)s, %(state)s, %(detail)s, %(body)s, %(heading)s, %(pages)s, %(complete)s,
       %(confidence)s, %(reader)s
WHERE NOT EXISTS (SELECT FROM tonggao.tombstone e WHERE e.kind = 'file' AND e.subject = decode(%(digest)s, 'hex'))
ON CONFLICT (digest, recognised) DO UPDATE
SET state = excluded.state, detail = excluded.detail, body = excluded.body, heading = excluded.heading, pages = excluded.pages,
    complete = excluded.complete, confidence = excluded.confidence, reader = excluded.reader, read_at = now()
WHERE t.state <> 'read' OR excluded.state = 'read';

-- name: main_file_of
-- Publications with little or no text that have this content as their main file.
SELECT p.publication_id, p.release_id, v.title, v.body, jsonb_path_query_array(v.attachments, '$[*].name') AS names
FROM tonggao.kept_file k
JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
WHERE k.digest = decode(%(digest)s, 'hex') AND k.kind = 'attachment' AND k.place = 1 AND length(v.body) <= %(longest)s
ORDER BY p.publication_id;

-- name: files_of_page
SELECT k.url, k.kind, encode(k.digest, 'hex') AS digest, f.media_type, f.size, k.fetched_at, f.content IS NOT NULL AS kept
FROM tonggao.kept_file k
LEFT JOIN tonggao.file f USING (digest)
WHERE k.page_digest = sha256(convert_to(%(page_url)s, 'UTF8'))
ORDER BY k.kind, k.place, k.url;

-- name: read_file
SELECT content FROM tonggao.file WHERE digest = decode(%(digest)s, 'hex');

-- name: policies
SELECT attachments, images FROM tonggao.source WHERE source_id = %(source_id)s;

-- name: set_policies
UPDATE tonggao.source
SET attachments = coalesce(%(attachments)s, attachments), images = coalesce(%(images)s, images), updated_at = now()
WHERE source_id = ANY (%(source_ids)s)
RETURNING source_id;

-- name: list_files
-- Files as `tonggao files` shows them; of a release those of all its publications.
SELECT f.release_id, f.publication_id, f.kind, f.place, f.url, f.name, f.offered, f.main, f.digest, f.served_name,
       f.media_type, f.format, f.size, f.kept, f.text_state, f.text_detail, length(f.text) AS characters, f.heading, f.pages,
       f.complete, f.reader, length(f.recognised_text) AS recognised_characters, f.confidence, f.first_at, f.checked_at,
       f.outcome, f.next_try_at, f.versions
FROM archive.files f
WHERE (%(release_id)s::bigint IS NULL OR f.release_id = %(release_id)s)
  AND (%(digest)s::text IS NULL OR f.digest LIKE %(digest)s || '%%')
  AND (%(url)s::text IS NULL OR f.url = %(url)s)
  AND (%(source)s::text IS NULL OR f.publication_id IN (
       SELECT p.publication_id FROM tonggao.publication p WHERE p.source_id = %(source)s))
  AND (%(state)s::text IS NULL OR coalesce(f.text_state, f.outcome, 'waiting') = %(state)s)
ORDER BY f.publication_id, f.kind, f.place, f.url
LIMIT %(count)s;

-- name: texts_of
SELECT t.recognised, t.state, t.reader, t.body, t.detail, t.heading, t.pages, t.complete, t.confidence
FROM tonggao.file_text t WHERE t.digest = decode(%(digest)s, 'hex') ORDER BY t.recognised;

-- name: to_read
-- Kept contents that nobody has read, or that a reader or program was missing for; with what is known of their name.
SELECT encode(f.digest, 'hex') AS digest, f.content, v.media_type, v.name, v.url
FROM tonggao.file f
CROSS JOIN LATERAL (
    SELECT n.media_type, n.name, a.url FROM tonggao.file_version n JOIN tonggao.file_address a USING (url_digest)
    WHERE n.digest = f.digest AND (%(pictures)s OR a.kind = 'attachment') ORDER BY n.first_at LIMIT 1) AS v
LEFT JOIN tonggao.file_text t ON t.digest = f.digest AND NOT t.recognised
LEFT JOIN tonggao.file_text o ON o.digest = f.digest AND o.recognised
WHERE f.content IS NOT NULL AND f.digest > decode(%(after)s, 'hex')
  AND (t.digest IS NULL OR t.state = ANY (%(again)s::text[]) OR (%(pictures)s AND o.digest IS NULL AND (t.state = %(pictured)s OR t.state = 'read' AND NOT t.complete)))
ORDER BY f.digest
LIMIT 1;

-- name: files_out
-- The files of a publication as an export tells them.
SELECT jsonb_build_object('url', k.url, 'kind', k.kind, 'place', k.place, 'keep', a.keep, 'versions', (
    SELECT jsonb_agg(jsonb_build_object(
        'digest', encode(v.digest, 'hex'), 'size', f.size, 'first_at', v.first_at, 'last_at', v.last_at, 'name', v.name,
        'media_type', coalesce(v.media_type, f.media_type), 'format', f.format, 'readings', (
            SELECT coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(t) - 'digest' - 'read_at' - 'folded') ORDER BY t.recognised), '[]')
            FROM tonggao.file_text t WHERE t.digest = v.digest)) ORDER BY v.first_at)
    FROM tonggao.file_version v JOIN tonggao.file f USING (digest) WHERE v.url_digest = k.url_digest))
FROM tonggao.publication p
JOIN tonggao.kept_file k ON k.page_digest = tonggao.digest_of(p.url)
JOIN tonggao.file_address a ON a.url_digest = k.url_digest
WHERE p.publication_id = %(publication_id)s
  AND EXISTS (SELECT FROM tonggao.file_version v WHERE v.url_digest = k.url_digest)
ORDER BY k.kind, k.place, k.url;

-- name: take_in_address
INSERT INTO tonggao.file_address AS a (url_digest, url, host, kind, keep, digest, fetched_at, checked_at, outcome)
VALUES (sha256(convert_to(%(url)s, 'UTF8')), %(url)s, %(host)s, %(kind)s, %(keep)s, decode(%(digest)s, 'hex'), %(fetched_at)s,
        %(checked_at)s, 'ok')
ON CONFLICT (url_digest) DO UPDATE
SET digest = excluded.digest, fetched_at = excluded.fetched_at, etag = NULL, last_modified = NULL
WHERE a.digest IS NULL OR a.fetched_at < excluded.fetched_at;

-- name: take_in_link
INSERT INTO tonggao.kept_file AS k (page_url, url, kind, digest, source_id, fetched_at, page_digest, url_digest, place)
SELECT %(page_url)s, a.url, %(kind)s, a.digest, %(source_id)s, a.fetched_at, sha256(convert_to(%(page_url)s, 'UTF8')),
       a.url_digest, %(place)s
FROM tonggao.file_address a WHERE a.url_digest = sha256(convert_to(%(url)s, 'UTF8'))
ON CONFLICT (page_digest, url_digest) DO UPDATE
SET digest = excluded.digest, fetched_at = excluded.fetched_at, place = coalesce(k.place, excluded.place);

-- name: kept_bytes
-- Contents whose bytes are here, each once, with the address that first gave them; those of a source's publications.
WITH found AS MATERIALIZED (
    SELECT m.publication_id
    FROM archive.matches(%(words)s, %(first_day)s::date, %(last_day)s::date, %(region)s, %(source)s, %(kind)s, %(exact)s) m
    WHERE %(searched)s
)
SELECT v.url, encode(f.digest, 'hex') AS digest, coalesce(v.media_type, f.media_type) AS media_type, v.first_at, f.content
FROM tonggao.file f
CROSS JOIN LATERAL (
    SELECT a.url, n.media_type, n.first_at FROM tonggao.file_version n JOIN tonggao.file_address a USING (url_digest)
    WHERE n.digest = f.digest AND EXISTS (
        SELECT FROM tonggao.kept_file k JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
        WHERE k.url_digest = n.url_digest AND (%(source)s::text IS NULL OR p.source_id = %(source)s)
          AND (%(since)s::timestamptz IS NULL OR p.dated_at >= %(since)s)
          AND (NOT %(searched)s OR p.publication_id IN (SELECT w.publication_id FROM found w))
          AND (%(until)s::timestamptz IS NULL OR p.dated_at < %(until)s))
    ORDER BY n.first_at LIMIT 1) AS v
WHERE f.content IS NOT NULL
ORDER BY f.digest;
