-- Official documents: number, issuer and dates, newest first.
-- :issuer text null only issuers whose name holds this
-- :count integer 50 how many
SELECT p.document ->> 'number' AS number, p.document ->> 'issuer' AS issuer, p.document ->> 'written_on' AS written_on,
       p.document ->> 'validity' AS validity, p.title, p.url
FROM archive.publications p
WHERE p.canonical AND p.document IS NOT NULL
  AND (%(issuer)s::text IS NULL OR p.document ->> 'issuer' LIKE '%%' || %(issuer)s || '%%')
ORDER BY p.dated_at DESC
LIMIT %(count)s;
