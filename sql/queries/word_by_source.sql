-- Which sources use some words most, as a share of their releases.
-- :words text required the words
SELECT r.source_id, r.publisher, count(m.release_id) AS with_words, count(*) AS releases,
       round(count(m.release_id)::numeric / count(*), 4) AS share
FROM archive.releases r
LEFT JOIN archive.matches(%(words)s) m ON m.release_id = r.release_id
GROUP BY r.source_id, r.publisher
HAVING count(m.release_id) > 0
ORDER BY share DESC, r.source_id;
