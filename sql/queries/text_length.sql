-- How long the texts of each source are, in characters.
SELECT source_id, count(*) AS releases, round(avg(length(body))) AS mean,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY length(body)) AS median, max(length(body)) AS longest
FROM archive.releases
GROUP BY source_id
ORDER BY median DESC, source_id;
