-- name: enable
UPDATE tonggao.source SET enabled = true, enabled_at = now() WHERE source_id = ANY (%(ids)s)

-- name: rounds
SELECT coalesce(min(done), 0) AS visits, coalesce(sum(listed), 0) AS listed,
       coalesce(sum(archived), 0) AS archived, coalesce(sum(failed), 0) AS failed
FROM tonggao.source s
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE r.state = 'done') AS done, max(r.listed) AS listed,
           sum(r.new + r.copies) AS archived, max(r.failed) AS failed
    FROM tonggao.run r
    WHERE r.source_id = s.source_id
) r ON true
WHERE s.enabled

-- name: releases
SELECT r.release_id, r.title, r.named_source, r.copies,
       to_char(r.published_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS published,
       s.name AS site
FROM archive.releases r
JOIN tonggao.source s USING (source_id)
ORDER BY r.dated_at DESC

-- name: copies
SELECT r.title, c.title AS copy_title, rs.name AS site, cs.name AS copy_site
FROM archive.copies c
JOIN archive.releases r USING (release_id)
JOIN tonggao.source cs ON cs.source_id = c.source_id
JOIN tonggao.source rs ON rs.source_id = r.source_id
WHERE NOT c.canonical
ORDER BY r.title

-- name: edits
SELECT title, array_to_string(removed, ' ') AS before, array_to_string(added, ' ') AS after
FROM archive.revisions
WHERE number > 1 AND in_force
ORDER BY title

-- name: found
SELECT title FROM archive.search(%(words)s)
