-- The releases that most publications carried.
-- :days integer 30 how many days back
-- :count integer 20 how many
SELECT r.release_id, r.dated_at, r.title, r.publisher, r.copies
FROM archive.releases r
WHERE r.dated_at > now() - make_interval(days => %(days)s) AND r.copies > 0
ORDER BY r.copies DESC, r.dated_at DESC
LIMIT %(count)s;
