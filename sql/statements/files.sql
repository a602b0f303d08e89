-- name: find_kept_file
SELECT encode(digest, 'hex') AS digest, etag, last_modified, fetched_at
FROM tonggao.kept_file
WHERE page_digest = sha256(convert_to(%(page_url)s, 'UTF8')) AND url_digest = sha256(convert_to(%(url)s, 'UTF8'));

-- name: store_file
INSERT INTO tonggao.file (digest, media_type, size, content)
VALUES (decode(%(digest)s, 'hex'), %(media_type)s, octet_length(%(content)s::bytea), %(content)s::bytea)
ON CONFLICT (digest) DO NOTHING;

-- name: link_file
INSERT INTO tonggao.kept_file (page_url, url, kind, digest, source_id, etag, last_modified, fetched_at,
    page_digest, url_digest)
VALUES (%(page_url)s, %(url)s, %(kind)s, decode(%(digest)s, 'hex'), %(source_id)s, %(etag)s, %(last_modified)s, %(fetched_at)s,
    sha256(convert_to(%(page_url)s, 'UTF8')), sha256(convert_to(%(url)s, 'UTF8')))
ON CONFLICT (page_digest, url_digest) DO UPDATE SET
    digest = excluded.digest, etag = excluded.etag, last_modified = excluded.last_modified, fetched_at = excluded.fetched_at;

-- name: kept_files
SELECT k.url, k.kind, encode(k.digest, 'hex') AS digest, f.media_type, f.size, k.fetched_at
FROM tonggao.kept_file k
JOIN tonggao.file f USING (digest)
WHERE k.page_digest = sha256(convert_to(%(page_url)s, 'UTF8'))
ORDER BY k.url;

-- name: read_file
SELECT content FROM tonggao.file WHERE digest = decode(%(digest)s, 'hex');
