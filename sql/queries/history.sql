-- Every version of one publication, oldest first.
-- :publication bigint required number of the publication
SELECT v.number, v.valid_from, v.in_force, v.reparsed, v.parser_version, v.title, v.added, v.removed
FROM archive.revisions v
WHERE v.publication_id = %(publication)s
ORDER BY v.number;
