-- A publication whose texts were erased is none of its day any more: it was counted as one that is neither a release
-- nor a copy, or as a copy. Where it still counts, as who carried a release, the comment says so.

CREATE OR REPLACE VIEW archive.daily_counts AS
SELECT (p.dated_at AT TIME ZONE 'Asia/Shanghai')::date AS day, p.source_id, count(*) AS publications,
       count(*) FILTER (WHERE r.canonical_id = p.publication_id) AS releases,
       count(*) FILTER (WHERE r.canonical_id <> p.publication_id) AS copies
FROM tonggao.publication p
JOIN tonggao.release r ON r.release_id = p.release_id
WHERE p.erased_at IS NULL
GROUP BY 1, 2;

COMMENT ON VIEW archive.daily_counts IS 'Publications, releases and copies by day (Asia/Shanghai) and source; without those whose texts were erased.';
COMMENT ON COLUMN archive.releases.copies IS 'How many other publications carry it, those whose texts were erased among them.';
