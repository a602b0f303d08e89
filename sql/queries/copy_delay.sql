-- How long each publisher takes to carry what another published first.
-- :fewest integer 1 only publishers with at least so many copies
SELECT publisher, count(*) AS copies,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY delay) AS median_delay, max(delay) AS longest_delay
FROM archive.copies
WHERE NOT canonical
GROUP BY publisher
HAVING count(*) >= %(fewest)s
ORDER BY copies DESC, publisher;
