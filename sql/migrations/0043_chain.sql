-- A chain of days: a Merkle root over the digests that a day brought, chained to the root of the day before.
--
-- A leaf is put once and stays: what is erased or pruned later leaves its digest here. No root is made by this
-- migration; the first one covers all that was archived before its day, and is made by a daemon or `tonggao proof seal`.

CREATE TABLE tonggao.leaf (
    place  bigint PRIMARY KEY CHECK (place > 0),
    number bigint,
    kind   text   NOT NULL CHECK (kind IN ('snapshot', 'file', 'record', 'tombstone')),
    digest bytea  NOT NULL CHECK (octet_length(digest) IN (32, 33)),
    CHECK ((number IS NULL) = (kind IN ('snapshot', 'file')))
);
CREATE UNIQUE INDEX leaf_of_record ON tonggao.leaf (number) WHERE kind = 'record';
CREATE INDEX leaf_of_tombstone ON tonggao.leaf (number) WHERE kind = 'tombstone';
CREATE INDEX leaf_of_bytes ON tonggao.leaf USING hash (digest) WHERE number IS NULL;
COMMENT ON TABLE tonggao.leaf IS 'The digests that the roots of the days are made of, in order; rows are only added.';
COMMENT ON COLUMN tonggao.leaf.place IS 'Its place in the whole chain, from 1 without gaps; a root covers those after the one before it.';
COMMENT ON COLUMN tonggao.leaf.number IS 'Of a record its revision, of a tombstone its erasing; null for bytes, which their digest names.';
COMMENT ON COLUMN tonggao.leaf.kind IS 'What the digest is of: snapshot (a page as received), file, record (all that a page states), tombstone.';
COMMENT ON COLUMN tonggao.leaf.digest IS 'The digest, as it is stored with the value.';

CREATE TABLE tonggao.root (
    day        date        PRIMARY KEY,
    root       bytea       NOT NULL CHECK (octet_length(root) = 32),
    previous   bytea       CHECK (octet_length(previous) = 32),
    tree       bytea       NOT NULL CHECK (octet_length(tree) = 32),
    leaves     bigint      NOT NULL CHECK (leaves >= 0),
    last_place bigint      NOT NULL,
    blocks     bytea       NOT NULL,
    records_to bigint      NOT NULL,
    sealed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE tonggao.root IS 'The root of each day, made once the day is over; rows are only added.';
COMMENT ON COLUMN tonggao.root.day IS 'The day (Asia/Shanghai); the first root covers all days before it too.';
COMMENT ON COLUMN tonggao.root.root IS 'SHA-256 of day, number of leaves, tree and previous root, as docs/proof.md writes them.';
COMMENT ON COLUMN tonggao.root.previous IS 'The root of the day before; null for the first.';
COMMENT ON COLUMN tonggao.root.tree IS 'Merkle tree hash of the leaves (RFC 6962).';
COMMENT ON COLUMN tonggao.root.leaves IS 'How many leaves it covers.';
COMMENT ON COLUMN tonggao.root.last_place IS 'Place of the last of them, or of the last before it where it has none.';
COMMENT ON COLUMN tonggao.root.blocks IS 'Tree hashes of each 1024 leaves, one after the other: what paths are made of without reading all leaves.';
COMMENT ON COLUMN tonggao.root.records_to IS 'Greatest number of a revision that was archived by the end of the day: this root and those before cover all up to it.';
COMMENT ON COLUMN tonggao.root.sealed_at IS 'When it was made.';

CREATE TABLE tonggao.root_timestamp (
    day        date        PRIMARY KEY REFERENCES tonggao.root,
    token      bytea       NOT NULL,
    authority  text        NOT NULL,
    stamped_at timestamptz NOT NULL
);
COMMENT ON TABLE tonggao.root_timestamp IS 'What a timestamp authority (RFC 3161) said of a root; rows are only added.';
COMMENT ON COLUMN tonggao.root_timestamp.day IS 'The day of the root.';
COMMENT ON COLUMN tonggao.root_timestamp.token IS 'Its answer (TimeStampResp, DER), as `openssl ts -verify -in` reads it.';
COMMENT ON COLUMN tonggao.root_timestamp.authority IS 'Host of the authority.';
COMMENT ON COLUMN tonggao.root_timestamp.stamped_at IS 'The time that it states.';

CREATE TRIGGER leaf_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tonggao.leaf
    FOR EACH STATEMENT EXECUTE FUNCTION tonggao.only_grows();
CREATE TRIGGER root_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tonggao.root
    FOR EACH STATEMENT EXECUTE FUNCTION tonggao.only_grows();
CREATE TRIGGER root_timestamp_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tonggao.root_timestamp
    FOR EACH STATEMENT EXECUTE FUNCTION tonggao.only_grows();
COMMENT ON TRIGGER leaf_only_grows ON tonggao.leaf IS 'A log.';
COMMENT ON TRIGGER root_only_grows ON tonggao.root IS 'A log.';
COMMENT ON TRIGGER root_timestamp_only_grows ON tonggao.root_timestamp IS 'A log.';

-- By these a day's bytes are found. BRIN: nothing is written for a new row, and rows lie in the order of their time.
CREATE INDEX content_by_time ON tonggao.content USING brin (stored_at) WITH (pages_per_range = 32);
CREATE INDEX file_by_time ON tonggao.file USING brin (stored_at) WITH (pages_per_range = 32);

CREATE FUNCTION tonggao.tombstone_told(stone tonggao.tombstone, erasing tonggao.erasure) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'kind', stone.kind, 'subject', encode(stone.subject, 'hex'), 'url', stone.url,
        'publication_id', stone.publication_id, 'release_id', stone.release_id, 'source_id', stone.source_id,
        'dated_on', stone.dated_on, 'digests', stone.digests,
        'erasure_id', erasing.erasure_id, 'erased_by', erasing.erased_by, 'asked', erasing.asked, 'reason', erasing.reason,
        'despite_holds', erasing.despite,
        'erased_at', to_char(erasing.erased_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text
$$;
COMMENT ON FUNCTION tonggao.tombstone_told(stone tonggao.tombstone, erasing tonggao.erasure) IS 'All that a tombstone says, as the text that its leaf is the SHA-256 of: JSON as jsonb is written.';

CREATE VIEW archive.roots AS
SELECT r.day, encode(r.root, 'hex') AS root, encode(r.previous, 'hex') AS previous, encode(r.tree, 'hex') AS tree,
       r.leaves, r.sealed_at, t.stamped_at, t.authority, t.token AS "timestamp"
FROM tonggao.root r LEFT JOIN tonggao.root_timestamp t USING (day);
COMMENT ON VIEW archive.roots IS 'The chain: one root a day over all that was archived or erased on it, made once it is over and never again (docs/proof.md).';
COMMENT ON COLUMN archive.roots.day IS 'The day (Asia/Shanghai); the first root covers all days before it too.';
COMMENT ON COLUMN archive.roots.root IS 'The root, in hexadecimal: SHA-256 of day, leaves, tree and previous root.';
COMMENT ON COLUMN archive.roots.previous IS 'The root of the day before; null for the first.';
COMMENT ON COLUMN archive.roots.tree IS 'Merkle tree hash of the leaves (RFC 6962), in hexadecimal.';
COMMENT ON COLUMN archive.roots.leaves IS 'How many digests it covers: of records, pages, files and tombstones.';
COMMENT ON COLUMN archive.roots.sealed_at IS 'When it was made.';
COMMENT ON COLUMN archive.roots.stamped_at IS 'The time that a timestamp authority states for it; null without a timestamp.';
COMMENT ON COLUMN archive.roots.authority IS 'Host of that authority.';
COMMENT ON COLUMN archive.roots."timestamp" IS 'Its answer (RFC 3161, DER), for `openssl ts -verify -digest ROOT -in FILE`.';
