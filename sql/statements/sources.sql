-- name: enable
UPDATE tonggao.source
SET enabled = true, enabled_at = now(), updated_at = now()
WHERE source_id = ANY (%(ids)s) AND NOT enabled
RETURNING source_id

-- name: disable
UPDATE tonggao.source
SET enabled = false, updated_at = now()
WHERE source_id = ANY (%(ids)s) AND enabled
RETURNING source_id
