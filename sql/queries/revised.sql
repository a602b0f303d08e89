-- Publications whose text was changed after it was first read, with the paragraphs that came and went.
-- :days integer 30 how many days back
-- :count integer 50 how many
SELECT v.publication_id, v.number, v.valid_from, v.title, v.added, v.removed, v.url
FROM archive.revisions v
WHERE v.number > 1 AND NOT v.reparsed AND v.valid_from > now() - make_interval(days => %(days)s)
ORDER BY v.valid_from DESC
LIMIT %(count)s;
