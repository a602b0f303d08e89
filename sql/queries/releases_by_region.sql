-- How many releases name each division, or anything below it.
-- :level text province province, city or county
-- :within text null only divisions whose code begins so (12)
SELECT code, name, parent_name, releases, newest_at
FROM archive.regions
WHERE level = %(level)s AND (%(within)s::text IS NULL OR code LIKE %(within)s || '%%')
ORDER BY releases DESC, code;
