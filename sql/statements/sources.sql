-- name: enable
-- What was set aside for killing its process is tried again.
WITH freed AS (
    DELETE FROM tonggao.job_start
    WHERE subject = ANY (%(ids)s) AND task IN ('tonggao.visit', 'tonggao.reparse') AND set_aside_at IS NOT NULL
    RETURNING subject
), switched AS (
UPDATE tonggao.source
SET enabled = true, enabled_at = now(), updated_at = now()
WHERE source_id = ANY (%(ids)s) AND NOT enabled
RETURNING source_id
)
SELECT source_id FROM switched UNION SELECT subject FROM freed

-- name: disable
UPDATE tonggao.source
SET enabled = false, updated_at = now()
WHERE source_id = ANY (%(ids)s) AND enabled
RETURNING source_id
