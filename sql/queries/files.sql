-- Files that releases offer.
-- :ending text null only addresses that end so (.pdf)
-- :count integer 50 how many
SELECT r.release_id, r.dated_at, a.name, a.url, r.title
FROM archive.attachments a
JOIN archive.releases r ON r.release_id = a.release_id AND r.publication_id = a.publication_id
WHERE %(ending)s::text IS NULL OR a.url LIKE '%%' || %(ending)s
ORDER BY r.dated_at DESC, r.release_id, a.place
LIMIT %(count)s;
