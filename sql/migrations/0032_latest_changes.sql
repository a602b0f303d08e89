-- The newest changes first, narrowed as a search is: what people look at, where programs follow changes_since.

CREATE FUNCTION archive.latest_changes(
    before text DEFAULT NULL, count integer DEFAULT 50, kinds text[] DEFAULT NULL, query text DEFAULT NULL,
    since date DEFAULT NULL, until date DEFAULT NULL, region text DEFAULT NULL, source text DEFAULT NULL
) RETURNS TABLE (cursor text, at timestamptz, kind text, release_id bigint, publication_id bigint, revision_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'p' || o.position || '-' || (extract(epoch FROM o.at) * 1000000)::bigint,
           c.at, c.kind, c.release_id, c.publication_id, c.revision_id
    FROM tonggao.change_position o
    JOIN tonggao.change c ON c.change_id = o.change_id AND c.at = o.at
    WHERE ($1 IS NULL OR o.position < (SELECT tonggao.place_of_cursor($1)))
      AND ($3 IS NULL OR c.kind = ANY ($3))
      AND ($5 IS NULL OR c.at >= $5::timestamp AT TIME ZONE 'Asia/Shanghai')
      AND ($6 IS NULL OR c.at < ($6 + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
      AND ($8 IS NULL OR EXISTS (SELECT FROM tonggao.publication p
                                 WHERE p.publication_id = c.publication_id AND p.source_id = $8))
      AND ($7 IS NULL OR EXISTS (
            SELECT FROM tonggao.publication p
            JOIN tonggao.source s ON s.source_id = p.source_id
            LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
            WHERE p.publication_id = c.publication_id
              AND (s.region LIKE ANY (tonggao.region_patterns($7))
                   OR EXISTS (SELECT FROM unnest(v.region) AS one (code)
                              WHERE one.code LIKE ANY (tonggao.region_patterns($7))))))
      AND ($4 IS NULL OR c.release_id IN (SELECT m.release_id FROM archive.matches($4) AS m))
    ORDER BY o.position DESC
    LIMIT CASE WHEN $2 < 0 THEN 0 ELSE $2 END
$$;
COMMENT ON FUNCTION archive.latest_changes(text, integer, text[], text, date, date, text, text) IS
    'What happened last, the newest first: before a cursor (null: now), of some kinds (null: all), to releases that hold the words of a query as search reads them, from a day to a day (Asia/Shanghai) of the change itself, in a region with all below it, at a source. To miss nothing follow changes_since.';
