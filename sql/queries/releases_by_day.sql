-- How many publications, releases and copies each day had.
-- :days integer 30 how many days back
SELECT day, sum(publications)::bigint AS publications, sum(releases)::bigint AS releases, sum(copies)::bigint AS copies
FROM archive.daily_counts
WHERE day > (now() AT TIME ZONE 'Asia/Shanghai')::date - %(days)s::integer
GROUP BY day
ORDER BY day DESC;
