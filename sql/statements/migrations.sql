-- name: ensure_ledger
CREATE SCHEMA IF NOT EXISTS tonggao;
CREATE TABLE IF NOT EXISTS tonggao.migration (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    digest     bytea NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by text NOT NULL
);
COMMENT ON TABLE tonggao.migration IS 'Migrations that were applied to this database.';
COMMENT ON COLUMN tonggao.migration.number IS 'The number the file''s name begins with.';
COMMENT ON COLUMN tonggao.migration.name IS 'The rest of the file''s name.';
COMMENT ON COLUMN tonggao.migration.digest IS 'SHA-256 of the file as it was applied.';
COMMENT ON COLUMN tonggao.migration.applied_at IS 'When it was applied.';
COMMENT ON COLUMN tonggao.migration.applied_by IS 'Version of tonggao that applied it.';

-- name: ledger_exists
SELECT to_regclass('tonggao.migration') IS NOT NULL

-- name: applied
SELECT number, name, digest FROM tonggao.migration ORDER BY number

-- name: record
INSERT INTO tonggao.migration (number, name, digest, applied_by) VALUES (%s, %s, %s, %s)

-- name: lock
SELECT pg_advisory_lock(hashtextextended('tonggao.migration', 0))

-- name: unlock
SELECT pg_advisory_unlock(hashtextextended('tonggao.migration', 0))

-- name: prepare_reading
SELECT tonggao.prepare_reading()

-- name: login_exists
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(login)s)

-- name: server
SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'), current_database()
