-- The newest releases, each story once.
-- :count integer 20 how many
-- :region text null only releases naming this division or one below it (120000)
-- :source text null only this source
SELECT r.release_id, r.dated_at, r.title, r.publisher, r.copies, r.url
FROM archive.releases r
WHERE (%(source)s::text IS NULL OR r.source_id = %(source)s)
  AND (%(region)s::text IS NULL
       OR EXISTS (SELECT FROM unnest(r.region) AS code
                  WHERE code LIKE regexp_replace(%(region)s, '(00){1,2}$', '') || '%%'))
ORDER BY r.dated_at DESC, r.release_id DESC
LIMIT %(count)s;
