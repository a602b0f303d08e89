-- Who an archive is, whatever its reader is called: what the entries of its feeds are known by.

CREATE TABLE tonggao.feed_identity (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    archive_id uuid NOT NULL DEFAULT gen_random_uuid(),
    named_by_host bigint NOT NULL
);
COMMENT ON TABLE tonggao.feed_identity IS 'By what the entries of feeds are known; one row.';
COMMENT ON COLUMN tonggao.feed_identity.single IS 'Always true: there is one row.';
COMMENT ON COLUMN tonggao.feed_identity.archive_id IS 'Random, made once; it goes along when the archive is copied or restored.';
COMMENT ON COLUMN tonggao.feed_identity.named_by_host IS
    'Releases up to this number were published in feeds under the address of the reader, and keep that; 0: none were.';

INSERT INTO tonggao.feed_identity (named_by_host) SELECT coalesce(max(r.release_id), 0) FROM tonggao.release r;

CREATE VIEW archive.feed_identity AS
SELECT i.archive_id, i.named_by_host FROM tonggao.feed_identity i;
COMMENT ON VIEW archive.feed_identity IS 'By what the entries of the reader''s feeds are known.';
COMMENT ON COLUMN archive.feed_identity.archive_id IS 'Random, made once; a later entry is known by it and its release.';
COMMENT ON COLUMN archive.feed_identity.named_by_host IS
    'Releases up to this number were published in feeds under the address of the reader, and keep that; 0: none were.';
