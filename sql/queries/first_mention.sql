-- The first releases in which some words stand.
-- :words text required the words
-- :count integer 10 how many
SELECT r.release_id, r.dated_at, r.title, r.publisher, r.url
FROM archive.matches(%(words)s) m
JOIN archive.releases r ON r.release_id = m.release_id
ORDER BY r.dated_at, r.release_id
LIMIT %(count)s;
