-- Statements of the write path, in the order in which a transaction runs them.

-- work_mem: when the list of new entries of the search index is full, the writer sorts it into the
-- index; with the default of 4 MB in many small portions, for three times the work.

-- name: gate_shared
SELECT set_config('work_mem', '32MB', true), pg_advisory_xact_lock_shared(hashtext('tonggao.archive'));

-- name: gate_alone
SELECT set_config('work_mem', '32MB', true), pg_advisory_xact_lock(hashtext('tonggao.archive'));

-- name: lock_keys
-- Two writers of near texts meet at the key they share; in order, so that they cannot block each other.
SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT key FROM unnest(%(keys)s::bigint[]) AS key ORDER BY key
) AS ordered;

-- name: put_publication
-- A release number is taken in advance; it stays unused where the text proves to be a copy.
INSERT INTO tonggao.publication AS p (url, source_id, release_id, first_seen_at, last_seen_at, listed_on)
VALUES (%(url)s, %(source_id)s, nextval(pg_get_serial_sequence('tonggao.release', 'release_id')),
        %(fetched_at)s, %(fetched_at)s, %(listed_on)s)
ON CONFLICT (tonggao.digest_of(url)) DO UPDATE
SET first_seen_at = least(p.first_seen_at, excluded.first_seen_at),
    last_seen_at = CASE WHEN p.last_seen_at > now() + interval '5 minutes' THEN excluded.last_seen_at
                        ELSE greatest(p.last_seen_at, excluded.last_seen_at) END
RETURNING p.publication_id, p.release_id, p.revision_id, p.revision_from, p.record_digest, p.body_digest,
          p.further_digest, p.withdrawn_at, p.dated_at, p.ranked_at, p.listed_on, p.first_seen_at, p.last_seen_at,
          coalesce(p.revision_from > now() + interval '5 minutes', false) AS from_the_future,
          EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'publication' AND t.subject = tonggao.digest_of(p.url))
              OR p.erased_at IS NOT NULL AS erased;

-- name: texts_then
-- The text of each known address that was in force at a time, else the first one; with the page it was read from.
SELECT wanted.place, p.publication_id, p.url, p.source_id, p.listed_on, v.revision_id, v.valid_from, v.parser_version,
       v.record_digest, v.text_digest, v.title, v.published_at, v.run_id, cardinality(v.next_pages) AS next_pages,
       n.digest, n.http_charset
FROM unnest(%(urls)s::text[], %(moments)s::timestamptz[]) WITH ORDINALITY AS wanted (url, moment, place)
JOIN tonggao.publication p ON p.url = wanted.url
CROSS JOIN LATERAL (
    (SELECT w.* FROM tonggao.revision w
     WHERE w.publication_id = p.publication_id AND w.valid_from <= wanted.moment
     ORDER BY w.valid_from DESC, w.recorded_at DESC LIMIT 1)
    UNION ALL
    (SELECT w.* FROM tonggao.revision w
     WHERE w.publication_id = p.publication_id AND w.valid_from > wanted.moment
     ORDER BY w.valid_from, w.recorded_at DESC LIMIT 1)
    LIMIT 1
) AS v
LEFT JOIN tonggao.snapshot n ON n.publication_id = p.publication_id AND n.fetched_at = v.valid_from;

-- name: record_digests
SELECT v.record_digest FROM tonggao.revision v WHERE v.publication_id = %(publication_id)s;

-- name: revision_in_force
-- For an observation older than the text in force: what was in force then, or came first after it.
SELECT revision_id, valid_from, record_digest
FROM tonggao.revision
WHERE publication_id = %(publication_id)s AND valid_from <= %(at)s
ORDER BY valid_from DESC, recorded_at DESC
LIMIT 1;

-- name: first_revision
SELECT revision_id, valid_from, record_digest
FROM tonggao.revision
WHERE publication_id = %(publication_id)s
ORDER BY valid_from, recorded_at DESC
LIMIT 1;

-- name: put_content
INSERT INTO tonggao.content (digest, size, dictionary_id, bytes)
VALUES (%(digest)s, %(size)s, %(dictionary_id)s, %(frame)s)
ON CONFLICT (digest) DO NOTHING;

-- name: put_snapshot
INSERT INTO tonggao.snapshot (publication_id, fetched_at, digest, status, http_charset, headers, run_id, clock_doubtful)
VALUES (%(publication_id)s, %(fetched_at)s, %(digest)s, %(status)s, %(http_charset)s, %(headers)s, %(run_id)s,
        %(clock_doubtful)s)
ON CONFLICT (publication_id, fetched_at) DO NOTHING;

-- name: put_further_page
INSERT INTO tonggao.further_page (publication_id, fetched_at, place, url, received_at, digest, status, http_charset, headers)
VALUES (%(publication_id)s, %(fetched_at)s, %(place)s, %(url)s, %(received_at)s, %(digest)s, %(status)s,
        %(http_charset)s, %(headers)s)
ON CONFLICT (publication_id, fetched_at, place) DO NOTHING;

-- name: put_revision
INSERT INTO tonggao.revision (
    publication_id, valid_from, reparsed, brought_by, run_id, source_id, snapshot_digest, record_digest, text_digest, dated_at,
    clock_doubtful,
    {record})
VALUES (
    %(publication_id)s, %(valid_from)s, %(reparsed)s, %(brought_by)s, %(run_id)s, %(source_id)s, %(snapshot_digest)s,
    %(record_digest)s, %(text_digest)s, %(dated_at)s, %(clock_doubtful)s,
    {%record})
ON CONFLICT (publication_id, valid_from, parser_version) DO NOTHING
RETURNING revision_id;

-- name: put_fingerprint
-- The update writes nothing new; it makes the row of another writer visible and holds it.
INSERT INTO tonggao.fingerprint AS f (version, digest, release_id, publication_id, revision_id, revision_from)
VALUES (%(version)s, %(digest)s, %(release_id)s, %(publication_id)s, %(revision_id)s, %(revision_from)s)
ON CONFLICT (digest, version) DO UPDATE SET digest = f.digest
RETURNING f.fingerprint_id, f.release_id, f.publication_id,
          (f.revision_id, f.publication_id) = (%(revision_id)s, %(publication_id)s) AS fresh;

-- name: put_keys
INSERT INTO tonggao.fresh_key (key, fingerprint_id)
SELECT * FROM unnest(%(keys)s::bigint[], %(owners)s::bigint[]) AS fresh (key, owner) ORDER BY key;

-- name: candidates
SELECT owner, fingerprint_id, shared FROM tonggao.near_texts(%(keys)s::bigint[], %(owners)s::bigint[]);

-- name: texts
SELECT f.fingerprint_id, f.release_id, f.publication_id, v.title, v.body, v.dated_at
FROM tonggao.fingerprint f
JOIN tonggao.revision v ON v.revision_id = f.revision_id AND v.valid_from = f.revision_from
WHERE f.fingerprint_id = ANY (%(ids)s::bigint[]);

-- name: hold_releases
-- Held in order; a release that was merged meanwhile answers with the one that took it over.
SELECT r.release_id, coalesce(r.merged_into, r.release_id) AS now
FROM tonggao.release r
WHERE r.release_id = ANY (ARRAY(
    SELECT unnest(%(ids)s::bigint[])
    UNION
    SELECT m.merged_into FROM tonggao.release m
    WHERE m.release_id = ANY (%(ids)s::bigint[]) AND m.merged_into IS NOT NULL))
ORDER BY r.release_id
FOR UPDATE;

-- name: put_release
INSERT INTO tonggao.release (release_id) VALUES (%(release_id)s) ON CONFLICT (release_id) DO NOTHING;

-- name: settle_publication
UPDATE tonggao.publication
SET release_id = %(release_id)s, revision_id = %(revision_id)s, revision_from = %(revision_from)s,
    record_digest = %(record_digest)s, dated_at = %(dated_at)s, ranked_at = %(ranked_at)s, own_story = %(own_story)s,
    joined_by = %(joined_by)s, joined_to = %(joined_to)s, evidence = %(evidence)s
WHERE publication_id = %(publication_id)s;

-- name: new_text_in_force
-- An edit that states a later time does not make the page a later publication; a better reading may.
UPDATE tonggao.publication
SET revision_id = %(revision_id)s, revision_from = %(revision_from)s, record_digest = %(record_digest)s,
    dated_at = %(dated_at)s, own_story = %(own_story)s,
    ranked_at = CASE WHEN %(reparsed)s THEN %(ranked_at)s ELSE least(ranked_at, %(ranked_at)s) END
WHERE publication_id = %(publication_id)s;

-- name: touch_publication
UPDATE tonggao.publication
SET address = %(address)s, etag = %(etag)s, last_modified = %(last_modified)s,
    body_digest = coalesce(%(body_digest)s, body_digest),
    further_digest = CASE WHEN %(body_digest)s::bytea IS NULL THEN further_digest ELSE %(further_digest)s END,
    body_at = CASE WHEN %(body_digest)s::bytea IS NULL THEN body_at ELSE %(fetched_at)s END,
    changed_looks = CASE %(look)s::text WHEN 'revision' THEN least(changed_looks + 1, 1000) WHEN 'unchanged' THEN 0
                    ELSE changed_looks END,
    withdrawn_at = CASE WHEN withdrawn_at < %(fetched_at)s OR withdrawn_at > now() + interval '5 minutes' THEN NULL
                        ELSE withdrawn_at END,
    withdrawn_for = CASE WHEN withdrawn_at < %(fetched_at)s OR withdrawn_at > now() + interval '5 minutes' THEN NULL
                         ELSE withdrawn_for END
WHERE publication_id = %(publication_id)s AND last_seen_at <= %(fetched_at)s;

-- name: move_fingerprint
UPDATE tonggao.fingerprint SET release_id = %(release_id)s WHERE fingerprint_id = %(fingerprint_id)s;

-- name: merge_release
WITH merged AS (
    UPDATE tonggao.release SET merged_into = %(winner)s, canonical_id = NULL
    WHERE release_id = %(loser)s OR merged_into = %(loser)s
), moved AS (
    UPDATE tonggao.publication
    SET release_id = %(winner)s,
        joined_by = CASE joined_by WHEN 'own' THEN %(joined_by)s ELSE joined_by END,
        joined_to = CASE joined_by WHEN 'own' THEN %(by)s ELSE joined_to END,
        evidence = CASE joined_by WHEN 'own' THEN %(evidence)s ELSE evidence END
    WHERE release_id = %(loser)s
)
UPDATE tonggao.fingerprint SET release_id = %(winner)s WHERE release_id = %(loser)s;

-- name: put_link
INSERT INTO tonggao.link (release_id, other_id, kind, evidence)
VALUES (%(release_id)s, %(other_id)s, %(kind)s, %(evidence)s)
ON CONFLICT (release_id, other_id, kind) DO NOTHING;

-- name: choose_canonical
-- The earliest; then one whose named source is its own publisher; then the first that was seen.
WITH best AS (
    SELECT DISTINCT ON (p.release_id) p.release_id, p.publication_id, p.dated_at
    FROM tonggao.publication p
    WHERE p.release_id = ANY (%(ids)s::bigint[]) AND p.revision_id IS NOT NULL
    ORDER BY p.release_id, p.ranked_at, p.own_story DESC, p.first_seen_at, p.publication_id
), before AS (
    SELECT r.release_id, r.canonical_id FROM tonggao.release r WHERE r.release_id = ANY (%(ids)s::bigint[])
), moved AS (
    UPDATE tonggao.release r SET canonical_id = b.publication_id, dated_at = b.dated_at
    FROM best b
    WHERE r.release_id = b.release_id
      AND (r.canonical_id, r.dated_at) IS DISTINCT FROM (b.publication_id, b.dated_at)
    RETURNING r.release_id, r.canonical_id
)
INSERT INTO tonggao.change (kind, release_id, publication_id)
SELECT 'canonical', m.release_id, m.canonical_id
FROM moved m JOIN before b ON b.release_id = m.release_id
WHERE b.canonical_id IS NOT NULL AND b.canonical_id <> m.canonical_id;

-- name: put_change
INSERT INTO tonggao.change (kind, release_id, publication_id, revision_id)
VALUES (%(kind)s, %(release_id)s, %(publication_id)s, %(revision_id)s);

-- name: publishers
SELECT source_id, publisher, name FROM tonggao.source WHERE source_id = ANY (%(ids)s);

-- name: known
SELECT url, address, publication_id, etag, last_modified, body_digest, body_at, last_seen_at, withdrawn_at,
       further_digest IS NOT NULL AS several_pages, listed_on, false AS erased
FROM tonggao.publication
WHERE url = ANY (%(urls)s) AND revision_id IS NOT NULL
UNION ALL
SELECT t.url, NULL, coalesce(t.publication_id, 0), NULL, NULL, NULL, NULL, e.erased_at, NULL, false, NULL, true
FROM unnest(%(urls)s::text[]) AS asked (url)
JOIN tonggao.tombstone t ON t.kind = 'publication' AND t.subject = tonggao.digest_of(asked.url)
JOIN tonggao.erasure e USING (erasure_id);

-- name: seen
-- Several at once, an address that comes twice at its later look; rows are locked in the order of their numbers, so that
-- two processes cannot lock each other out.
WITH told AS (
    SELECT url, max(at) AS at FROM unnest(%(urls)s::text[], %(moments)s::timestamptz[]) AS t (url, at) GROUP BY url
), before AS MATERIALIZED (
    SELECT p.publication_id, p.withdrawn_at, told.at
    FROM told JOIN tonggao.publication p ON tonggao.digest_of(p.url) = tonggao.digest_of(told.url)
    WHERE p.erased_at IS NULL
    ORDER BY p.publication_id
    FOR UPDATE OF p
), seen AS (
    UPDATE tonggao.publication p
    SET changed_looks = 0,
        last_seen_at = CASE WHEN p.last_seen_at > now() + interval '5 minutes' THEN b.at
                            ELSE greatest(p.last_seen_at, b.at) END,
        withdrawn_at = CASE WHEN p.withdrawn_at < b.at OR p.withdrawn_at > now() + interval '5 minutes' THEN NULL
                            ELSE p.withdrawn_at END,
        withdrawn_for = CASE WHEN p.withdrawn_at < b.at OR p.withdrawn_at > now() + interval '5 minutes' THEN NULL
                             ELSE p.withdrawn_for END
    FROM before b
    WHERE p.publication_id = b.publication_id
    RETURNING p.url, p.publication_id, p.release_id, p.revision_id, p.withdrawn_at, b.withdrawn_at AS withdrawn_before
), told_of AS (
    INSERT INTO tonggao.change (kind, release_id, publication_id, revision_id)
    SELECT 'restored', release_id, publication_id, revision_id
    FROM seen WHERE withdrawn_before IS NOT NULL AND withdrawn_at IS NULL
)
SELECT url FROM seen;

-- name: withdraw
WITH gone AS (
    UPDATE tonggao.publication
    SET withdrawn_at = %(at)s, withdrawn_for = %(reason)s
    WHERE url = %(url)s AND withdrawn_at IS NULL AND erased_at IS NULL
      AND (last_seen_at <= %(at)s OR last_seen_at > now() + interval '5 minutes')
    RETURNING publication_id, release_id, revision_id
), told AS (
    INSERT INTO tonggao.change (kind, release_id, publication_id, revision_id)
    SELECT 'withdrawn', release_id, publication_id, revision_id FROM gone
)
SELECT publication_id FROM gone;

-- name: ensure_partition
SELECT tonggao.ensure_partition(%(parent)s, %(moment)s);

-- name: put_region
INSERT INTO tonggao.region (code, name, level, parent, since, until, former_names, successors, predecessors)
VALUES (%(code)s, %(name)s, %(level)s, %(parent)s, %(since)s, %(until)s, %(former_names)s, %(successors)s, %(predecessors)s)
ON CONFLICT (code) DO UPDATE
SET name = excluded.name, level = excluded.level, parent = excluded.parent, since = excluded.since,
    until = excluded.until, former_names = excluded.former_names, successors = excluded.successors,
    predecessors = excluded.predecessors;

-- name: newest_dictionary
SELECT dictionary_id, version, bytes AS frame FROM tonggao.dictionary
WHERE source_id = %(source_id)s ORDER BY version DESC LIMIT 1;

-- name: put_dictionary
-- Never a page of an erased address: it would be refused later, and others be compressed against it meanwhile.
INSERT INTO tonggao.dictionary (source_id, version, bytes)
SELECT %(source_id)s, %(version)s, %(frame)s
WHERE NOT EXISTS (SELECT FROM tonggao.tombstone t WHERE t.kind = 'publication' AND t.subject = tonggao.digest_of(%(url)s))
ON CONFLICT (source_id, version) DO NOTHING;

-- name: dictionary
SELECT dictionary_id, version, bytes AS frame FROM tonggao.dictionary WHERE dictionary_id = %(dictionary_id)s;

-- name: content
SELECT digest, size, dictionary_id, bytes AS frame FROM tonggao.content WHERE digest = %(digest)s;

-- name: put_source
-- For an import that names a source nobody registered; it is never enabled by that.
INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)
VALUES (%(source_id)s, %(name)s, %(publisher)s, %(region)s, %(kind)s, '{}')
ON CONFLICT (source_id) DO NOTHING;

-- name: index_new_texts
-- Sorts the waiting entries of the search indexes into them. Only an owner may.
SELECT gin_clean_pending_list(i.indexrelid)
FROM pg_inherits part
JOIN pg_index i ON i.indrelid = part.inhrelid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am a ON a.oid = c.relam
WHERE part.inhparent = 'tonggao.revision'::regclass AND a.amname = 'gin' AND pg_has_role(c.relowner, 'USAGE');
