-- Erasing for good: what there is of publications and files, and its end, in the order of the transaction.

-- name: release_publications
SELECT p.publication_id FROM tonggao.publication p WHERE p.release_id = %(release_id)s AND p.erased_at IS NULL ORDER BY 1;

-- name: address_publication
SELECT p.publication_id FROM tonggao.publication p
WHERE tonggao.digest_of(p.url) = tonggao.digest_of(%(key)s) AND p.erased_at IS NULL
UNION ALL
SELECT f.publication_id FROM tonggao.former_key f JOIN tonggao.publication p USING (publication_id)
WHERE tonggao.digest_of(f.url) = tonggao.digest_of(%(url)s) AND p.erased_at IS NULL
LIMIT 1;

-- name: waiting_address
-- Whether an address that gave no article, and has no tombstone, left anything behind.
SELECT NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'publication' AND t.subject = tonggao.digest_of(%(key)s))
    AND (EXISTS (SELECT FROM tonggao.url_state s WHERE s.url_digest = tonggao.digest_of(%(key)s))
      OR EXISTS (SELECT FROM tonggao.quarantine q WHERE tonggao.digest_of(q.url) = tonggao.digest_of(%(key)s))
      OR EXISTS (SELECT FROM tonggao.backfill_item b WHERE b.url_digest = tonggao.digest_of(%(key)s)));

-- name: file_exists
SELECT EXISTS (SELECT FROM tonggao.file f WHERE f.digest = %(file)s)
    AND NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'file' AND t.subject = %(file)s);

-- name: unburied_addresses
SELECT asked.url, p.publication_id FROM unnest(%(urls)s::text[]) AS asked (url)
LEFT JOIN tonggao.publication p ON tonggao.digest_of(p.url) = tonggao.digest_of(asked.url)
WHERE NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'publication' AND t.subject = tonggao.digest_of(asked.url))
ORDER BY asked.url;

-- name: unburied_files
SELECT DISTINCT digest FROM unnest(%(files)s::bytea[]) AS digest
WHERE NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'file' AND t.subject = digest);

-- name: lock
-- Files are stored without the gate of the write path, dictionaries made and keys sorted in without it.
LOCK TABLE tonggao.dictionary, tonggao.content, tonggao.file, tonggao.file_text, tonggao.kept_file, tonggao.fresh_key
IN SHARE ROW EXCLUSIVE MODE;

-- name: asked_for
-- Addresses under which these pages and their files were asked for.
SELECT unnest(%(urls)s::text[])
UNION
SELECT p.address FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s) AND p.address IS NOT NULL
UNION
SELECT a.url FROM tonggao.file_address a WHERE a.url_digest = ANY (%(lonely)s);

-- name: texts
SELECT v.title, v.body FROM tonggao.revision v WHERE v.publication_id = ANY (%(ids)s);

-- name: addresses
SELECT p.url FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s) ORDER BY p.publication_id;

-- name: held
-- Releases under a hold that this would touch.
SELECT h.release_id FROM tonggao.held h
WHERE h.release_id IN (
    SELECT p.release_id FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s)
    UNION ALL
    SELECT p.release_id FROM tonggao.kept_file k JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
    WHERE k.digest = ANY (%(named)s::bytea[]))
ORDER BY 1;

-- name: override
INSERT INTO tonggao.hold_entry (release_id, action, reason) SELECT unnest(%(held)s::bigint[]), 'override', %(reason)s;

-- name: begin
INSERT INTO tonggao.erasure (asked, reason, despite) VALUES (%(asked)s, %(reason)s, %(held)s) RETURNING erasure_id, erased_at;

-- name: contents_to_go
-- Bytes of these publications that no other one received.
SELECT mine.digest FROM (
    SELECT n.digest FROM tonggao.snapshot n WHERE n.publication_id = ANY (%(ids)s)
    UNION
    SELECT f.digest FROM tonggao.further_page f WHERE f.publication_id = ANY (%(ids)s)
    UNION
    SELECT p.body_digest FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s) AND p.body_digest IS NOT NULL
) AS mine
WHERE NOT EXISTS (SELECT FROM tonggao.snapshot o WHERE o.digest = mine.digest AND o.publication_id <> ALL (%(ids)s))
  AND NOT EXISTS (SELECT FROM tonggao.further_page o WHERE o.digest = mine.digest AND o.publication_id <> ALL (%(ids)s));

-- name: dictionaries
SELECT d.dictionary_id, d.version, d.bytes AS frame, d.source_id FROM tonggao.dictionary d
WHERE d.dictionary_id > %(after)s ORDER BY d.dictionary_id LIMIT 50;

-- name: is_received
SELECT EXISTS (SELECT FROM tonggao.snapshot n WHERE n.digest = %(digest)s AND n.publication_id <> ALL (%(ids)s))
    OR EXISTS (SELECT FROM tonggao.further_page f WHERE f.digest = %(digest)s AND f.publication_id <> ALL (%(ids)s));

-- name: compressed_against
SELECT c.digest, c.size, c.dictionary_id, c.bytes AS frame FROM tonggao.content c
WHERE c.dictionary_id = %(dictionary_id)s AND c.digest <> ALL (%(gone)s) AND c.digest > %(after)s
ORDER BY c.digest LIMIT 50;

-- name: next_dictionary
INSERT INTO tonggao.dictionary (source_id, version, bytes)
SELECT %(source_id)s, max(d.version) + 1, %(frame)s FROM tonggao.dictionary d WHERE d.source_id = %(source_id)s
RETURNING dictionary_id;

-- name: recompress
UPDATE tonggao.content SET bytes = %(frame)s, dictionary_id = %(dictionary_id)s WHERE digest = %(digest)s;

-- name: drop_contents
DELETE FROM tonggao.content WHERE digest = ANY (%(contents)s);

-- name: drop_dictionaries
DELETE FROM tonggao.dictionary WHERE dictionary_id = ANY (%(dictionaries)s);

-- name: lonely_addresses
-- Addresses of files that only these publications offer.
SELECT DISTINCT k.url_digest FROM tonggao.kept_file k
WHERE k.page_digest IN (SELECT tonggao.digest_of(p.url) FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s))
  AND NOT EXISTS (
      SELECT FROM tonggao.kept_file o
      WHERE o.url_digest = k.url_digest AND o.page_digest NOT IN (
          SELECT tonggao.digest_of(p.url) FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s)));

-- name: files_to_go
-- Contents that only those addresses gave.
SELECT DISTINCT v.digest FROM tonggao.file_version v
WHERE v.url_digest = ANY (%(lonely)s)
  AND NOT EXISTS (SELECT FROM tonggao.file_version o WHERE o.digest = v.digest AND o.url_digest <> ALL (%(lonely)s))
  AND NOT EXISTS (SELECT FROM tonggao.kept_file k WHERE k.digest = v.digest AND k.url_digest <> ALL (%(lonely)s));

-- name: shared_files
-- Contents that stay, for others offer them.
SELECT DISTINCT encode(k.digest, 'hex') FROM tonggao.kept_file k
JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
WHERE p.publication_id = ANY (%(ids)s) AND k.digest IS NOT NULL AND k.digest <> ALL (%(files)s)
ORDER BY 1;

-- name: bury_publications
INSERT INTO tonggao.tombstone (kind, subject, erasure_id, url, publication_id, release_id, source_id, dated_on, digests)
SELECT 'publication', tonggao.digest_of(p.url), %(erasure_id)s, p.url, p.publication_id, p.release_id, p.source_id,
       (SELECT coalesce(array_agg(DISTINCT (v.dated_at AT TIME ZONE 'Asia/Shanghai')::date), '{}')
        FROM tonggao.revision v WHERE v.publication_id = p.publication_id),
       (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.kind, d.row), '[]') FROM (
            SELECT 'record' AS kind, v.revision_id AS row, encode(v.record_digest, 'hex') AS digest
            FROM tonggao.revision v WHERE v.publication_id = p.publication_id
            UNION ALL
            SELECT 'snapshot', n.snapshot_id, encode(n.digest, 'hex') FROM tonggao.snapshot n
            WHERE n.publication_id = p.publication_id
            UNION ALL
            SELECT 'further_page', NULL, encode(f.digest, 'hex') FROM tonggao.further_page f
            WHERE f.publication_id = p.publication_id
            UNION ALL
            SELECT DISTINCT 'file', NULL::bigint, encode(v.digest, 'hex') FROM tonggao.kept_file k
            JOIN tonggao.file_version v USING (url_digest)
            WHERE k.page_digest = tonggao.digest_of(p.url) AND v.digest = ANY (%(files)s)) AS d)
FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s)
ON CONFLICT DO NOTHING;

-- name: bury_addresses
INSERT INTO tonggao.tombstone (kind, subject, erasure_id, url)
SELECT 'publication', tonggao.digest_of(url), %(erasure_id)s, url FROM unnest(%(urls)s::text[]) AS url
ON CONFLICT DO NOTHING;

-- name: bury_files
INSERT INTO tonggao.tombstone (kind, subject, erasure_id, digests)
SELECT 'file', digest, %(erasure_id)s, jsonb_build_array(jsonb_build_object('kind', 'file', 'row', NULL, 'digest', encode(digest, 'hex')))
FROM unnest(%(files)s::bytea[]) AS digest
ON CONFLICT DO NOTHING;

-- name: drop_revisions
DELETE FROM tonggao.revision WHERE publication_id = ANY (%(ids)s);

-- name: empty_publications
UPDATE tonggao.publication
SET erased_at = %(erased_at)s, revision_id = NULL, revision_from = NULL, record_digest = NULL, body_digest = NULL, body_at = NULL,
    further_digest = NULL, etag = NULL, last_modified = NULL
WHERE publication_id = ANY (%(ids)s);

-- name: empty_snapshots
UPDATE tonggao.snapshot SET headers = '[]' WHERE publication_id = ANY (%(ids)s);

-- name: empty_further_pages
UPDATE tonggao.further_page SET headers = '[]' WHERE publication_id = ANY (%(ids)s);

-- name: move_fingerprints
-- A text that another publication has too goes on by that one, so that later copies find their release.
UPDATE tonggao.fingerprint f SET publication_id = o.publication_id, revision_id = o.revision_id, revision_from = o.valid_from
FROM (SELECT DISTINCT ON (m.fingerprint_id) m.fingerprint_id, v.publication_id, v.revision_id, v.valid_from
      FROM tonggao.fingerprint m
      JOIN tonggao.publication p ON p.release_id = m.release_id AND p.publication_id <> ALL (%(ids)s)
      JOIN tonggao.revision v ON v.publication_id = p.publication_id AND v.text_digest = m.digest
      WHERE m.publication_id = ANY (%(ids)s)
      ORDER BY m.fingerprint_id, v.valid_from) AS o
WHERE f.fingerprint_id = o.fingerprint_id;

-- name: drop_keys
DELETE FROM tonggao.fingerprint_key
WHERE fingerprint_id IN (SELECT f.fingerprint_id FROM tonggao.fingerprint f WHERE f.publication_id = ANY (%(ids)s));

-- name: drop_fresh_keys
DELETE FROM tonggao.fresh_key
WHERE fingerprint_id IN (SELECT f.fingerprint_id FROM tonggao.fingerprint f WHERE f.publication_id = ANY (%(ids)s));

-- name: drop_fingerprints
DELETE FROM tonggao.fingerprint WHERE publication_id = ANY (%(ids)s);

-- name: drop_links_to_files
DELETE FROM tonggao.kept_file k
WHERE k.page_digest IN (SELECT tonggao.digest_of(p.url) FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s));

-- name: drop_file_versions
DELETE FROM tonggao.file_version WHERE url_digest = ANY (%(lonely)s);

-- name: drop_file_texts
DELETE FROM tonggao.file_text WHERE digest = ANY (%(files)s);

-- name: drop_file_addresses
DELETE FROM tonggao.file_address WHERE url_digest = ANY (%(lonely)s);

-- name: drop_files
DELETE FROM tonggao.file f
WHERE f.digest = ANY (%(files)s) AND NOT EXISTS (SELECT FROM tonggao.file_version v WHERE v.digest = f.digest)
  AND NOT EXISTS (SELECT FROM tonggao.kept_file k WHERE k.digest = f.digest)
  AND NOT EXISTS (SELECT FROM tonggao.file_address a WHERE a.digest = f.digest);

-- name: empty_files
UPDATE tonggao.file SET content = NULL WHERE digest = ANY (%(files)s) AND content IS NOT NULL;

-- name: empty_file_versions
UPDATE tonggao.file_version SET name = NULL WHERE digest = ANY (%(files)s) AND name IS NOT NULL;

-- name: empty_file_addresses
UPDATE tonggao.file_address SET outcome = 'erased', detail = NULL, next_try_at = NULL WHERE digest = ANY (%(files)s);

-- name: tell_files
INSERT INTO tonggao.change (kind, release_id, publication_id, revision_id)
SELECT DISTINCT 'erased', p.release_id, p.publication_id, p.revision_id
FROM tonggao.kept_file k JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
WHERE k.digest = ANY (%(files)s) AND p.erased_at IS NULL AND p.publication_id <> ALL (%(ids)s);

-- name: tell
INSERT INTO tonggao.change (kind, release_id, publication_id)
SELECT 'erased', p.release_id, p.publication_id FROM tonggao.publication p
WHERE p.publication_id = ANY (%(ids)s) ORDER BY p.publication_id;

-- name: drop_url_states
DELETE FROM tonggao.url_state
WHERE url_digest = ANY (%(lonely)s) OR url_digest IN (SELECT tonggao.digest_of(url) FROM unnest(%(urls)s::text[]) AS url);

-- name: drop_quarantine
DELETE FROM tonggao.quarantine q
WHERE tonggao.digest_of(q.url) IN (SELECT tonggao.digest_of(url) FROM unnest(%(urls)s::text[]) AS url);

-- name: empty_backfill_items
UPDATE tonggao.backfill_item SET title = NULL, detail = NULL
WHERE url_digest IN (SELECT tonggao.digest_of(url) FROM unnest(%(urls)s::text[]) AS url)
  AND (title IS NOT NULL OR detail IS NOT NULL);

-- name: empty_attempts
UPDATE tonggao.attempt SET detail = '' WHERE detail <> '' AND ARRAY[url, final_url] && %(asked_for)s;

-- name: drop_watch_matches
-- What the outbox has not sent yet; its messages hold no text, they are made of the archive when they are sent.
DELETE FROM tonggao.watch_match m
WHERE m.publication_id = ANY (%(ids)s)
  AND NOT EXISTS (SELECT FROM tonggao.watch_message g WHERE g.message_id = m.message_id AND g.sent_at IS NOT NULL);

-- name: drop_watch_messages
DELETE FROM tonggao.watch_message g
WHERE g.sent_at IS NULL AND NOT EXISTS (SELECT FROM tonggao.watch_match m WHERE m.message_id = g.message_id);

-- name: unchoose
-- A release none of whose publications has a text is none that views show.
UPDATE tonggao.release r SET canonical_id = NULL
WHERE r.release_id IN (SELECT p.release_id FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s))
  AND NOT EXISTS (SELECT FROM tonggao.publication p WHERE p.release_id = r.release_id AND p.erased_at IS NULL);

-- name: releases
SELECT DISTINCT p.release_id FROM tonggao.publication p WHERE p.publication_id = ANY (%(ids)s) ORDER BY 1;

-- name: stay
-- Publications of the same releases that keep their texts.
SELECT p.publication_id, p.url FROM tonggao.publication p
WHERE p.release_id IN (SELECT q.release_id FROM tonggao.publication q WHERE q.publication_id = ANY (%(ids)s))
  AND p.publication_id <> ALL (%(ids)s) AND p.erased_at IS NULL
ORDER BY p.publication_id;

-- name: count_alone
-- Whoever counts otherwise (tonggao.count_anew) lets it be meanwhile.
SELECT pg_advisory_xact_lock(hashtextextended('tonggao.count_anew', 0));

-- name: count_releases
-- As what they were counted, their labels and places, goes in the same transaction.
SELECT tonggao.count_releases(%(releases)s);

-- name: drop_marks
DELETE FROM tonggao.uncounted WHERE release_id = ANY (%(releases)s);

-- name: forget_samples
SELECT tonggao.forget_samples();

-- name: tombstones
SELECT e.erasure_id, e.kind, e.release_id, e.publication_id, e.url, e.file_digest, e.reason, e.erased_at, e.erased_by, e.digests
FROM archive.erasures e
WHERE (%(release_id)s::bigint IS NULL OR e.release_id = %(release_id)s OR EXISTS (
        SELECT FROM archive.merged m WHERE m.release_id = e.release_id AND m.merged_into = %(release_id)s))
  AND (%(publication_id)s::bigint IS NULL OR e.publication_id = %(publication_id)s)
  AND (%(url)s::text IS NULL OR e.url = %(url)s)
  AND (%(source)s::text IS NULL OR e.source_id = %(source)s)
  AND (%(file)s::text IS NULL OR e.file_digest = %(file)s)
  AND (%(after)s::text IS NULL OR e.publication_id IN (
        SELECT c.publication_id FROM archive.changes_since(%(after)s, NULL) c WHERE c.kind = 'erased'))
ORDER BY e.erasure_id, e.publication_id, e.file_digest;

-- name: put_hold
INSERT INTO tonggao.hold_entry (release_id, action, reason) VALUES (%(release_id)s, %(action)s, %(reason)s)
RETURNING entry_id, release_id, action, reason, made_at, made_by, action = 'add' AS in_force;

-- name: held_under
-- The numbers under which a release is held: its own, and those that were merged into it.
SELECT h.release_id FROM archive.holds h LEFT JOIN tonggao.release r USING (release_id)
WHERE h.in_force AND %(release_id)s IN (h.release_id, r.merged_into) ORDER BY 1;

-- name: holds
SELECT h.entry_id, h.release_id, h.action, h.reason, h.made_at, h.made_by, h.in_force FROM archive.holds h ORDER BY h.entry_id;
