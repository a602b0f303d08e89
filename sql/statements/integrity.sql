-- Values that a digest covers, in portions; a share of them is what lies between two digests, or two numbers.

-- name: contents
SELECT c.digest, c.size, c.dictionary_id, c.bytes AS frame
FROM tonggao.content c
WHERE c.digest > %(after)s AND c.digest <= %(last)s AND (%(since)s::timestamptz IS NULL OR c.stored_at >= %(since)s)
ORDER BY c.digest
LIMIT %(most)s

-- name: files
SELECT f.digest, f.content FROM tonggao.file f
WHERE f.digest > %(after)s AND f.digest <= %(last)s AND f.content IS NOT NULL
  AND (%(since)s::timestamptz IS NULL OR f.stored_at >= %(since)s)
ORDER BY f.digest
LIMIT %(most)s

-- name: records
SELECT v.revision_id, p.url, v.record_digest, {v.record}
FROM tonggao.revision v
JOIN tonggao.publication p ON p.publication_id = v.publication_id
WHERE v.revision_id > %(after)s AND v.revision_id <= %(last)s
  AND (%(since)s::timestamptz IS NULL OR v.recorded_at >= %(since)s)
ORDER BY v.revision_id
LIMIT %(most)s

-- name: last_revision
SELECT coalesce(max(v.revision_id), 0) FROM tonggao.revision v

-- name: counts
SELECT (SELECT count(*) FROM tonggao.content) AS snapshot,
       (SELECT count(*) FROM tonggao.file f WHERE f.content IS NOT NULL) AS file,
       (SELECT count(*) FROM tonggao.revision) AS record,
       (SELECT count(*) FROM tonggao.leaf) AS leaf,
       (SELECT count(*) FROM tonggao.root) AS root

-- name: not_kept
SELECT count(*) FROM tonggao.snapshot n
WHERE n.digest IS NOT NULL AND NOT EXISTS (SELECT FROM tonggao.content c WHERE c.digest = n.digest)
