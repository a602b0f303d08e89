-- What each source gave: publications, how many of them first, how many copies of others.
SELECT source_id, sum(publications)::bigint AS publications, sum(releases)::bigint AS canonical,
       sum(copies)::bigint AS copies, min(day) AS first_day, max(day) AS last_day
FROM archive.daily_counts
GROUP BY source_id
ORDER BY publications DESC, source_id;
