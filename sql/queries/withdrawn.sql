-- Pages that were found gone; their text is kept.
-- :days integer 365 how many days back
SELECT p.withdrawn_at, p.withdrawn_for, p.publisher, p.title, p.url, p.release_id,
       (SELECT count(*) FROM archive.publications o
        WHERE o.release_id = p.release_id AND o.withdrawn_at IS NULL) AS still_carried_by
FROM archive.publications p
WHERE p.withdrawn_at > now() - make_interval(days => %(days)s)
ORDER BY p.withdrawn_at DESC;
