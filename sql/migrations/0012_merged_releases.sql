-- Where a release went that proved to be the same story as another: numbers handed out stay good.

CREATE VIEW archive.merged AS
SELECT m.release_id, m.merged_into
FROM tonggao.release m
WHERE m.merged_into IS NOT NULL;
COMMENT ON VIEW archive.merged IS 'Releases that another took over when both proved to be one story; merged_into is always a release that stands.';
COMMENT ON COLUMN archive.merged.release_id IS 'Number of the release that was.';
COMMENT ON COLUMN archive.merged.merged_into IS 'The release that holds its publications now.';
