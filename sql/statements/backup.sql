-- name: snapshot
SELECT pg_export_snapshot()

-- name: tables
-- Tables that belong to the archive, a partitioned one once; what is at work in the queue changes at any moment.
SELECT n.nspname, c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'tonggao' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY 1, 2

-- name: has_archive
SELECT to_regclass('tonggao.publication') IS NOT NULL

-- name: is_filled
SELECT EXISTS (SELECT FROM tonggao.publication) OR EXISTS (SELECT FROM tonggao.run)
    OR EXISTS (SELECT FROM tonggao.source WHERE enabled)

-- name: databases
-- All that hold something of somebody's; the templates of a new cluster are its own.
SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1
