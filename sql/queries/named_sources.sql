-- Whom the pages name as their source (来源), and through how many publishers.
-- :count integer 50 how many
SELECT named_source, count(*) AS publications, count(DISTINCT publisher) AS publishers, max(dated_at) AS newest_at
FROM archive.publications
WHERE named_source IS NOT NULL
GROUP BY named_source
ORDER BY publications DESC, named_source
LIMIT %(count)s;
