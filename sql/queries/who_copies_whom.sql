-- Which publisher carries whose releases, and how often.
-- :count integer 50 how many pairs
SELECT first.publisher AS first, later.publisher AS carried_by, count(*) AS releases
FROM archive.copies first
JOIN archive.copies later ON later.release_id = first.release_id AND NOT later.canonical
WHERE first.canonical
GROUP BY first.publisher, later.publisher
ORDER BY releases DESC, 1, 2
LIMIT %(count)s;
