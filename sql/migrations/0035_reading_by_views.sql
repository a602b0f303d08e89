-- What a notebook that reads schema archive alone needs of a publication; and a change of its own for a date that moved.

CREATE OR REPLACE VIEW archive.publications AS
 SELECT p.publication_id,
    p.release_id,
    p.url,
    p.source_id,
    s.publisher,
    p.dated_at,
    v.published_at,
    v.published_precision,
    v.title,
    v.subtitle,
    v.kicker,
    v.named_source,
    v.author,
    v.editor,
    v.body,
    v.region,
    v.keywords,
    v.images,
    v.attachments,
    v.document,
    v.column_name,
    v.site_name,
    v.site_id,
    p.first_seen_at,
    p.last_seen_at,
    p.withdrawn_at,
    p.withdrawn_for,
    p.joined_by,
    p.joined_to,
    p.evidence,
    (p.publication_id = r.canonical_id) AS canonical,
    p.revision_id,
    v.parser_version,
    v.origins,
    v.next_pages,
    p.listed_on,
    COALESCE(v.site_region, "substring"(v.site_id, '^([1-8][0-9]{5})[0-9]{4}$'::text)) AS site_region,
    v.valid_from,
    v.reparsed,
    COALESCE(v.brought_by, CASE WHEN v.reparsed THEN 'reparse' END) AS brought_by,
    p.ranked_at,
    p.own_story
   FROM (((tonggao.publication p
     JOIN tonggao.release r ON ((r.release_id = p.release_id)))
     JOIN tonggao.source s ON ((s.source_id = p.source_id)))
     LEFT JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))));
COMMENT ON COLUMN archive.publications.valid_from IS 'When the page of this text was received (fetched_at of an export).';
COMMENT ON COLUMN archive.publications.reparsed IS 'Whether a later parser read this text out of a stored page.';
COMMENT ON COLUMN archive.publications.brought_by IS 'What brought this text: visit, backfill, import or reparse; null where it was not recorded.';
COMMENT ON COLUMN archive.publications.ranked_at IS 'dated_at for the choice of the canonical one: a page that states only a day counts as the end of it.';
COMMENT ON COLUMN archive.publications.own_story IS 'The source it names is its own site or publisher, or it names none.';

-- `repair times` moves dates without a new text: who keeps a copy of the archive has to hear of it.
ALTER TABLE tonggao.change DROP CONSTRAINT change_kind_check;
ALTER TABLE tonggao.change ADD CONSTRAINT change_kind_check CHECK (kind IN (
    'new', 'copy', 'revision', 'reparsed', 'withdrawn', 'restored', 'canonical', 'merged', 'file_changed', 'redated'));
COMMENT ON COLUMN tonggao.change.kind IS
    'new, copy, revision, reparsed, withdrawn, restored, canonical (another publication stands for the release), merged, file_changed (an address of a file gives another content), redated (a time that a wrong clock had left was mended).';

-- A site's code may name what the list of divisions leaves out, since no place bears it: all districts of a municipality.
CREATE FUNCTION tonggao.division_name(code text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT g.name FROM tonggao.region g WHERE g.code = $1),
        CASE WHEN $1 ~ '^[0-9]{2}0100$|^[0-9]{4}01$' THEN '市辖区'
             WHEN $1 ~ '^[0-9]{2}0200$' THEN '县'
             WHEN $1 ~ '^[0-9]{2}9000$' THEN '直辖县级行政区划' END,
        $1)
$$;
COMMENT ON FUNCTION tonggao.division_name(text) IS
    'The name of a code of GB/T 2260, also of those that stand for a group and no place; the code itself where no list has it.';

CREATE FUNCTION tonggao.kind_name(kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce('{"gov-portal": "政府门户网站", "press-office": "新闻办公室", "gov-department": "政府部门",
                      "cri-region": "国际在线地方频道", "state-media-region": "中央媒体地方频道",
                      "provincial-news": "省级新闻网站"}'::jsonb ->> kind, kind)
$$;
COMMENT ON FUNCTION tonggao.kind_name(text) IS 'The name of a kind of publisher.';

CREATE OR REPLACE FUNCTION archive.search_facets(query text, since date DEFAULT NULL::date, until date DEFAULT NULL::date, region text DEFAULT NULL::text, source text DEFAULT NULL::text, kind text DEFAULT NULL::text, exact boolean DEFAULT false) RETURNS TABLE(facet text, code text, name text, parent text, releases bigint)
    LANGUAGE sql SECURITY DEFINER COST 100000 ROWS 100
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '128MB'
    AS $$
    WITH hit AS MATERIALIZED (
        SELECT m.release_id, m.publication_id, m.dated_at
        FROM tonggao.matching(tonggao.asked(query, exact), tonggao.filter_condition(since, until, region, source, kind)) AS m
    ), told AS MATERIALIZED (
        SELECT h.release_id, h.dated_at, s.source_id, s.name, s.publisher, s.kind, s.region AS source_region,
               v.region, v.named_source, v.column_name
        FROM hit h
        JOIN tonggao.publication p ON p.publication_id = h.publication_id
        JOIN tonggao.source s ON s.source_id = p.source_id
        LEFT JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
    ), place AS (
        SELECT part.code, count(DISTINCT t.release_id) AS releases, bool_or(part.code = one.code) AS named
        FROM told t
        CROSS JOIN LATERAL unnest(t.region || t.source_region) AS one (code)
        CROSS JOIN LATERAL (VALUES (one.code), (left(one.code, 4) || '00'), (left(one.code, 2) || '0000')) AS part (code)
        WHERE one.code IS NOT NULL
        GROUP BY 1
    )
    SELECT 'region', c.code, tonggao.division_name(c.code),
           CASE WHEN g.code IS NOT NULL THEN g.parent ELSE left(c.code, 2) || '0000' END, c.releases
    FROM place c LEFT JOIN tonggao.region g ON g.code = c.code
    WHERE c.named OR g.code IS NOT NULL  -- Tianjin has no city between it and its districts
    UNION ALL
    SELECT 'source', t.source_id, t.name, t.publisher, count(*) FROM told t GROUP BY t.source_id, t.name, t.publisher
    UNION ALL
    SELECT 'named source', t.named_source, t.named_source, NULL, count(*) FROM told t WHERE t.named_source IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'column', t.column_name, t.column_name, NULL, count(*) FROM told t WHERE t.column_name IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'kind', t.kind, tonggao.kind_name(t.kind), NULL, count(*) FROM told t GROUP BY 2
    UNION ALL
    SELECT 'month', to_char(t.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'),
           to_char(t.dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), NULL, count(*) FROM told t GROUP BY 2
    ORDER BY 1, 5 DESC, 2
$$;
