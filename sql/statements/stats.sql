-- Figures for tonggao stats.

-- name: totals
SELECT (SELECT count(*) FROM archive.releases) AS releases,
       (SELECT count(*) FROM archive.publications WHERE erased_at IS NULL) AS publications,
       (SELECT count(*) FROM archive.revisions) AS revisions,
       (SELECT count(*) FROM archive.publications WHERE withdrawn_at IS NOT NULL AND erased_at IS NULL) AS withdrawn,
       (SELECT count(DISTINCT source_id) FROM archive.publications WHERE erased_at IS NULL) AS sources,
       (SELECT min(dated_at) FROM archive.publications WHERE erased_at IS NULL) AS oldest,
       (SELECT max(dated_at) FROM archive.publications WHERE erased_at IS NULL) AS newest,
       (SELECT count(*) FROM archive.publications WHERE erased_at IS NOT NULL) AS erased;

-- name: per_day
SELECT d.day::date AS day, coalesce(sum(c.releases), 0)::bigint AS releases, coalesce(sum(c.copies), 0)::bigint AS copies
FROM generate_series((now() AT TIME ZONE 'Asia/Shanghai')::date - %(days)s::integer + 1,
                     (now() AT TIME ZONE 'Asia/Shanghai')::date, interval '1 day') AS d (day)
LEFT JOIN archive.daily_counts c ON c.day = d.day::date
GROUP BY 1
ORDER BY 1;

-- name: per_region
SELECT g.name, count(DISTINCT r.release_id) AS count
FROM archive.releases r
CROSS JOIN LATERAL unnest(r.region) AS named (code)
JOIN archive.region_tree() g ON g.code = left(named.code, 2) || '0000'
WHERE r.dated_at >= (((now() AT TIME ZONE 'Asia/Shanghai')::date - %(days)s::integer + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
GROUP BY 1
ORDER BY 2 DESC, 1
LIMIT %(most)s::integer;

-- name: per_source
SELECT s.name, sum(c.publications)::bigint AS count
FROM archive.daily_counts c
JOIN archive.sources s ON s.source_id = c.source_id
WHERE c.day > (now() AT TIME ZONE 'Asia/Shanghai')::date - %(days)s::integer
GROUP BY s.source_id, s.name
ORDER BY 2 DESC, 1
LIMIT %(most)s::integer;
