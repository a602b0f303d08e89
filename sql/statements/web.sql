-- What the web reader asks; all of it of schema archive, as role tonggao_reader.

-- name: search
SELECT h.release_id, h.title, h.snippet, h.dated_at, h.source_id, s.publisher, s.name AS source_name, h.url,
       h.copies, p.published_at, p.published_precision, p.withdrawn_at, h.matched_in,
       (SELECT count(*) FROM archive.revisions v
        WHERE v.publication_id = h.publication_id AND v.number > 1
          AND NOT coalesce(v.brought_by = ANY (%(not_edited)s), false)) AS edits
FROM archive.search(%(words)s, %(since)s::date, %(until)s::date, %(region)s, %(source)s, %(sort)s,
                    %(count)s::integer, %(skip)s::integer, %(kind)s, false, %(named)s, %(column)s) WITH ORDINALITY AS h
JOIN archive.sources s ON s.source_id = h.source_id
JOIN archive.publications p ON p.publication_id = h.publication_id
ORDER BY h.ordinality;

-- name: feed
SELECT h.release_id, p.title, h.dated_at, h.source_id, s.publisher, s.name AS source_name, h.url, p.published_at,
       p.body, p.author, p.images, p.region, p.first_seen_at,
       (SELECT max(v.valid_from) FROM archive.revisions v WHERE v.publication_id = p.publication_id) AS changed_at
FROM archive.search(%(words)s, %(since)s::date, %(until)s::date, %(region)s, %(source)s, 'newest',
                    %(count)s::integer, 0, %(kind)s, false, %(named)s, %(column)s) WITH ORDINALITY AS h
JOIN archive.sources s ON s.source_id = h.source_id
JOIN archive.publications p ON p.publication_id = h.publication_id
ORDER BY h.ordinality;

-- name: days
SELECT (m.dated_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS count
FROM archive.matches(%(words)s, %(since)s::date, %(until)s::date, %(region)s, %(source)s, %(kind)s, false,
                     %(named)s, %(column)s) m
GROUP BY 1
ORDER BY 1;

-- name: facets
SELECT f.facet, f.code, f.name, f.parent, f.releases
FROM archive.search_facets(%(words)s, %(since)s::date, %(until)s::date, %(region)s, %(source)s, %(kind)s, false,
                           %(named)s, %(column)s) AS f;

-- name: total
SELECT count(*) AS releases
FROM archive.matches(%(words)s, %(since)s::date, %(until)s::date, %(region)s, %(source)s, %(kind)s, false,
                     %(named)s, %(column)s) AS m;

-- name: feed_identity
SELECT i.archive_id, i.named_by_host FROM archive.feed_identity i;

-- name: release
SELECT p.publication_id, p.release_id, p.url, p.source_id, p.publisher, s.name AS source_name, p.dated_at,
       p.first_seen_at, p.last_seen_at, p.withdrawn_at, p.withdrawn_for, p.listed_on, {p.record}
FROM archive.publications p
JOIN archive.sources s ON s.source_id = p.source_id
WHERE p.release_id = %(release_id)s AND p.canonical;

-- name: merged_into
SELECT merged_into FROM archive.merged WHERE release_id = %(release_id)s;

-- name: copies
SELECT c.publication_id, c.url, c.source_id, c.publisher, c.title, c.dated_at, c.joined_by, c.evidence, c.canonical,
       c.delay, p.withdrawn_at,
       (SELECT count(*) FROM archive.revisions v WHERE v.publication_id = c.publication_id) AS revisions,
       (SELECT count(*) FROM archive.revisions v WHERE v.publication_id = c.publication_id AND v.number > 1
          AND NOT coalesce(v.brought_by = ANY (%(not_edited)s), false)) AS edits,
       (SELECT n.snapshot_id FROM archive.snapshots n
        WHERE n.publication_id = c.publication_id AND n.kept ORDER BY n.fetched_at DESC LIMIT 1) AS snapshot_id,
       (SELECT max(e.erased_at) FROM archive.erasures e WHERE e.publication_id = c.publication_id) AS erased_at
FROM archive.copies c
JOIN archive.publications p ON p.publication_id = c.publication_id
WHERE c.release_id = %(release_id)s
ORDER BY c.dated_at, c.publication_id;

-- name: related
SELECT l.other_id AS release_id, l.kind, r.title, r.dated_at, r.publisher
FROM archive.links l
JOIN archive.releases r ON r.release_id = l.other_id
WHERE l.release_id = %(release_id)s
ORDER BY r.dated_at DESC
LIMIT 20;

-- name: region_names
SELECT g.code, g.name FROM archive.region_tree() g WHERE g.code = ANY (%(codes)s);

-- name: revisions
SELECT v.revision_id, v.publication_id, v.release_id, v.url, v.source_id, v.valid_from, v.number, v.in_force,
       v.reparsed, v.brought_by, v.parser_version, v.title, v.body, v.author, v.editor, v.named_source
FROM archive.revisions v
WHERE v.publication_id = coalesce(
    (SELECT m.merged_into FROM archive.merged_publications m WHERE m.publication_id = %(publication_id)s), %(publication_id)s)
ORDER BY v.number;

-- name: files
SELECT f.kind, f.url, f.name, f.offered, f.digest, f.served_name, f.format, f.size, f.kept,
       coalesce(f.text_state, f.outcome, 'waiting') AS state, f.pages, f.versions,
       NULL AS text, NULL AS recognised_text, f.confidence
FROM archive.files f
JOIN archive.publications p ON p.publication_id = f.publication_id AND p.canonical
WHERE f.release_id = %(release_id)s
ORDER BY f.kind, f.place, f.url;

-- name: file
SELECT f.kind, f.url, f.name, f.offered, f.digest, f.served_name, f.format, f.size, f.kept,
       coalesce(f.text_state, f.outcome, 'waiting') AS state, f.pages, f.versions, f.text, f.recognised_text, f.confidence
FROM archive.files f
WHERE f.digest = %(digest)s
ORDER BY f.publication_id
LIMIT 1;

-- name: snapshots
SELECT n.snapshot_id, n.publication_id, n.fetched_at, n.digest, n.status, n.http_charset, n.size, n.kept, p.url,
       p.title, p.release_id
FROM archive.snapshots n
JOIN archive.publications p ON p.publication_id = n.publication_id
WHERE n.publication_id = coalesce(
    (SELECT m.merged_into FROM archive.merged_publications m WHERE m.publication_id = %(publication_id)s), %(publication_id)s)
ORDER BY n.fetched_at;

-- name: snapshot
SELECT n.snapshot_id, n.publication_id, n.fetched_at, n.digest, n.status, n.http_charset, n.size, n.kept, p.url,
       p.title, p.release_id
FROM archive.snapshots n
JOIN archive.publications p ON p.publication_id = n.publication_id
WHERE n.snapshot_id = %(snapshot_id)s;

-- name: provinces
SELECT g.code, g.name FROM archive.region_tree() g WHERE g.level = 'province' ORDER BY g.code;

-- name: regions
-- By the beginning of the code, in one pass over the releases; the counts of archive.regions are of every place.
-- A place that is no more is there where releases name it.
WITH place AS (
    SELECT g.code, g.name, g.level, g.until,
           left(g.code, CASE g.level WHEN 'province' THEN 2 WHEN 'city' THEN 4 ELSE 6 END) AS stem
    FROM archive.regions g
    WHERE g.parent IS NOT DISTINCT FROM %(parent)s
), told AS (
    SELECT named.stem, count(*) AS releases, max(r.dated_at) AS newest_at
    FROM archive.releases r
    CROSS JOIN LATERAL (
        SELECT DISTINCT left(one.code, size.signs) AS stem
        FROM unnest(r.region) AS one (code), (SELECT DISTINCT length(p.stem) AS signs FROM place p) AS size
    ) AS named
    GROUP BY 1
)
SELECT p.code, p.name, p.level, coalesce(t.releases, 0) AS releases, t.newest_at
FROM place p
LEFT JOIN told t ON t.stem = p.stem
WHERE p.until IS NULL OR t.releases IS NOT NULL
ORDER BY p.code;

-- name: region
SELECT g.code, g.name, g.parent, up.name AS parent_name
FROM archive.region_tree() g
LEFT JOIN archive.region_tree() up ON up.code = g.parent
WHERE g.code = %(code)s;

-- name: sources
SELECT s.source_id, s.name, s.publisher, s.region FROM archive.sources s ORDER BY s.region NULLS FIRST, s.source_id;

-- name: health
SELECT h.source_id, s.name, h.publisher, h.region, s.kind, s.lists, h.enabled, h.last_run_at, h.last_state,
       h.last_good_run_at, h.newest_dated_at, h.days_since_new::double precision AS days_since_new, h.runs_30d,
       h.fetched_30d, h.failed_30d, h.failure_rate_30d, h.last_error, h.state
FROM archive.sources_health h
JOIN archive.sources s ON s.source_id = h.source_id
WHERE %(source)s::text IS NULL OR h.source_id = %(source)s
ORDER BY h.enabled DESC, h.last_run_at DESC NULLS LAST, h.source_id;

-- name: activity
SELECT r.source_id, (r.started_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
       sum(r.new + r.copies + r.revisions) AS gained, sum(r.failed) AS failed,
       count(*) FILTER (WHERE r.state = 'failed') AS broken
FROM archive.runs r
WHERE r.started_at > now() - interval '31 days' AND (%(source)s::text IS NULL OR r.source_id = %(source)s)
GROUP BY 1, 2;

-- name: runs
SELECT r.run_id, r.kind, r.state, r.started_at, r.finished_at, r.listed, r.fetched, r.new, r.copies, r.revisions,
       r.unchanged, r.failed, r.reasons, r.error
FROM archive.runs r
WHERE r.source_id = %(source)s
ORDER BY r.started_at DESC
LIMIT 30;

-- name: watch_feed
SELECT f.match_id, f.query, f.event, f.happened_at AS at, f.release_id, coalesce(v.title, p.title) AS title,
       coalesce(v.body, p.body) AS body, p.url, p.publisher, v.added, v.removed
FROM archive.watch_feed(%(feed)s, %(count)s) AS f
LEFT JOIN archive.publications p ON p.publication_id = f.publication_id
LEFT JOIN LATERAL (
    SELECT r.title, r.body, r.added, r.removed FROM archive.revisions r
    WHERE f.event = 'edit' AND r.publication_id = f.publication_id AND r.revision_id = f.revision_id
) AS v ON true
ORDER BY f.match_id DESC;
