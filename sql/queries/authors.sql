-- Who writes most; a line with several names counts for each.
-- :count integer 50 how many
SELECT name AS author, count(*) AS releases, min(r.dated_at) AS first_at, max(r.dated_at) AS newest_at
FROM archive.releases r
CROSS JOIN LATERAL string_to_table(r.author, ' ') AS name
WHERE name <> ''
GROUP BY name
ORDER BY releases DESC, name
LIMIT %(count)s;
