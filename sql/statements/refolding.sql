-- Bringing the search index over to folded texts, part by part.

-- name: hold
-- Not waited for: who waits in a statement holds a snapshot, which the building of an index waits for.
SELECT pg_try_advisory_lock(hashtextextended('tonggao.refolding', 0));

-- name: release
SELECT pg_advisory_unlock(hashtextextended('tonggao.refolding', 0));

-- name: waiting
-- Parts without an index of folded texts, the newest first, and about how many texts each has.
SELECT u.part, greatest(c.reltuples, 0)::bigint AS texts
FROM tonggao.unfolded_parts(%(index)s) AS u JOIN pg_class c ON c.oid = format('tonggao.%%I', u.part)::regclass
ORDER BY u.ends DESC;

-- name: definition
-- How the index of a part is made: as that of the whole table is.
SELECT regexp_replace(pg_get_indexdef(format('tonggao.%%I', %(index)s::text)::regclass), '^.* USING ', '');

-- name: broken
-- Whether an index was begun and not finished.
SELECT NOT x.indisvalid FROM pg_index x WHERE x.indexrelid = to_regclass(format('tonggao.%%I', %(name)s::text));

-- name: former
-- Indexes of texts as written, which the folded ones replace.
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'tonggao'::regnamespace AND c.relname IN ('revision_by_words', 'revision_by_title');
