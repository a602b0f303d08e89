-- name: reserve_slots
-- Several hosts at once, each granted or not. The rows are taken in the order of their names, so that two
-- processes cannot lock each other out. The clock is the server's alone. A reservation need not survive a
-- crash of the server, which takes longer than the rest between two requests: hence no wait for the disk.
WITH settings AS (
    SELECT set_config('synchronous_commit', 'off', true) AS done
), asked AS (
    SELECT * FROM unnest(
        %(hosts)s::text[], %(tokens)s::uuid[], %(intervals)s::real[], %(overridden)s::boolean[]
    ) AS a (host, token, interval_seconds, overridden)
), granted AS (
    INSERT INTO tonggao.host AS h
        (host, last_start, next_start, lease_token, lease_until, holder, interval_seconds, overridden)
    SELECT host, clock_timestamp(), clock_timestamp() + interval_seconds * interval '1 second', token,
        clock_timestamp() + %(lease)s * interval '1 second', %(holder)s, interval_seconds, overridden
    FROM asked CROSS JOIN settings
    ORDER BY host
    ON CONFLICT (host) DO UPDATE SET
        last_start = clock_timestamp(),
        next_start = excluded.next_start,
        lease_token = excluded.lease_token,
        lease_until = excluded.lease_until,
        holder = excluded.holder,
        interval_seconds = excluded.interval_seconds,
        overridden = excluded.overridden,
        starts = h.starts + 1
    WHERE h.next_start <= clock_timestamp()
        AND h.last_start + excluded.interval_seconds * interval '1 second' <= clock_timestamp()
        AND (h.lease_until IS NULL OR h.lease_until <= clock_timestamp())
    RETURNING h.host, h.factor, h.response_seconds
)
SELECT a.host,
    g.host IS NOT NULL AS granted,
    coalesce(g.factor, h.factor, 1)::float8 AS factor,
    coalesce(g.response_seconds, h.response_seconds, 0)::float8 AS response,
    CASE WHEN g.host IS NOT NULL THEN 0 ELSE coalesce(extract(epoch FROM greatest(
        h.next_start, h.last_start + a.interval_seconds * interval '1 second') - clock_timestamp()), 0)
    END::float8 AS wait,
    g.host IS NULL AND h.lease_until > clock_timestamp() AS held,
    coalesce(h.holder = %(holder)s, false) AS ours
FROM asked a
LEFT JOIN granted g USING (host)
LEFT JOIN tonggao.host h USING (host);

-- name: release_slots
-- Give hosts back and say when each may be asked again; a host whose lease has passed to another is left alone.
WITH settings AS (
    SELECT set_config('synchronous_commit', 'off', true) AS done
), told AS (
    SELECT * FROM unnest(
        %(hosts)s::text[], %(tokens)s::uuid[], %(agos)s::float8[], %(pauses)s::float8[], %(rests)s::float8[],
        %(factors)s::real[], %(responses)s::real[]
    ) AS t (host, token, ago, pause, rest, factor, response)
), locked AS MATERIALIZED (
    SELECT h.host FROM tonggao.host h
    WHERE h.host = ANY (%(hosts)s::text[])
    ORDER BY h.host
    FOR UPDATE
)
UPDATE tonggao.host h SET
    lease_token = NULL,
    lease_until = NULL,
    last_start = greatest(h.last_start, clock_timestamp() - told.ago * interval '1 second'),
    next_start = greatest(
        clock_timestamp() + (told.pause - told.ago) * interval '1 second',
        clock_timestamp() + told.rest * interval '1 second'),
    factor = told.factor,
    response_seconds = told.response
FROM told CROSS JOIN settings JOIN locked USING (host)
WHERE h.host = told.host AND h.lease_token = told.token;
