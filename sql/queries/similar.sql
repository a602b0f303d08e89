-- Releases near one release that are not the same: series, round-ups.
-- :release bigint required number of the release
SELECT l.kind, r.release_id, r.dated_at, r.title, r.publisher, l.evidence ->> 'why' AS why,
       (l.evidence ->> 'cover')::real AS cover
FROM archive.links l
JOIN archive.releases r ON r.release_id = l.other_id
WHERE l.release_id = %(release)s
ORDER BY cover DESC NULLS LAST, r.release_id;
