-- At which hour of the day (Asia/Shanghai) releases are published; pages that state only a day are left out.
SELECT extract(hour FROM published_at AT TIME ZONE 'Asia/Shanghai')::integer AS hour, count(*) AS releases
FROM archive.releases
WHERE published_precision IN ('minute', 'second')
GROUP BY 1
ORDER BY 1;
