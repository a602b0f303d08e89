-- What happened to releases, with the words that people know it by; all of it of schema archive.

-- name: latest
SELECT c.cursor, c.at, c.kind, c.release_id, c.publication_id, c.revision_id, p.title, p.url, p.publisher, p.source_id,
       p.dated_at, v.brought_by, v.previous_title, v.added, v.removed
FROM archive.latest_changes(%(before)s, %(count)s, %(kinds)s::text[], %(query)s, %(since)s::date, %(until)s::date,
                            %(region)s, %(source)s) WITH ORDINALITY AS c
LEFT JOIN archive.publications p ON p.publication_id = c.publication_id
LEFT JOIN LATERAL (
    SELECT r.brought_by, r.previous_title, r.added, r.removed FROM archive.revisions r
    WHERE r.publication_id = c.publication_id AND r.revision_id = c.revision_id
) AS v ON true
ORDER BY c.ordinality;

-- name: after
-- The same rows, forwards from a cursor: what programs follow.
SELECT c.cursor, c.at, c.kind, c.release_id, c.publication_id, c.revision_id, p.title, p.url, p.publisher, p.source_id,
       p.dated_at, v.brought_by, v.previous_title, v.added, v.removed
FROM archive.changes_since(%(after)s, %(count)s) WITH ORDINALITY AS c
LEFT JOIN archive.publications p ON p.publication_id = c.publication_id
LEFT JOIN LATERAL (
    SELECT r.brought_by, r.previous_title, r.added, r.removed FROM archive.revisions r
    WHERE r.publication_id = c.publication_id AND r.revision_id = c.revision_id
) AS v ON true
ORDER BY c.ordinality;

-- name: most_carried
SELECT r.release_id, r.title, r.publisher, r.dated_at, r.copies
FROM archive.releases r
WHERE r.dated_at > now() - make_interval(days => %(days)s) AND r.copies > 0
ORDER BY r.copies DESC, r.dated_at DESC
LIMIT %(count)s;

-- name: who_copies_whom
SELECT first.publisher AS first, later.publisher AS carried_by, count(*) AS releases
FROM archive.copies first
JOIN archive.copies later ON later.release_id = first.release_id AND NOT later.canonical
WHERE first.canonical AND first.dated_at > now() - make_interval(days => %(days)s)
GROUP BY first.publisher, later.publisher
ORDER BY releases DESC, 1, 2
LIMIT %(count)s;
