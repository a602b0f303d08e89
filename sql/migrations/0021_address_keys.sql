-- The key of an address has a version. The program brings what is stored over to the present one, in batches:
-- tonggao.address_key says how far it is. Where two publications become one, the higher number goes, and is found here.

CREATE TABLE tonggao.address_key (
    relation    text PRIMARY KEY CHECK (relation IN ('publication', 'url_state', 'kept_file', 'backfill_item')),
    version     smallint NOT NULL,
    place       text NOT NULL DEFAULT '',
    looked_at   bigint NOT NULL DEFAULT 0,
    changed     bigint NOT NULL DEFAULT 0,
    merged      bigint NOT NULL DEFAULT 0,
    finished_at timestamptz
);
COMMENT ON TABLE tonggao.address_key IS 'How far stored addresses are brought over to the present version of their key.';
COMMENT ON COLUMN tonggao.address_key.relation IS 'Which table.';
COMMENT ON COLUMN tonggao.address_key.version IS 'The version of the keys that it is being brought to, or is at.';
COMMENT ON COLUMN tonggao.address_key.place IS 'The last row that was looked at, in the order of the table''s key; empty at the beginning.';
COMMENT ON COLUMN tonggao.address_key.looked_at IS 'Rows that were looked at.';
COMMENT ON COLUMN tonggao.address_key.changed IS 'Rows whose key changed.';
COMMENT ON COLUMN tonggao.address_key.merged IS 'Rows that became one with another of the same key.';
COMMENT ON COLUMN tonggao.address_key.finished_at IS 'When the last row was done; null until then.';

INSERT INTO tonggao.address_key (relation, version)
VALUES ('publication', 1), ('url_state', 1), ('kept_file', 1), ('backfill_item', 1);

CREATE TABLE tonggao.former_key (
    url            text NOT NULL COLLATE "C",
    publication_id bigint NOT NULL REFERENCES tonggao.publication,
    merged_id      bigint UNIQUE,
    facts          jsonb,
    brought_at     timestamptz NOT NULL DEFAULT now(),
    CHECK ((merged_id IS NULL) = (facts IS NULL))
);
CREATE UNIQUE INDEX former_key_by_digest ON tonggao.former_key (tonggao.digest_of(url));
CREATE INDEX former_key_by_publication ON tonggao.former_key (publication_id);
COMMENT ON INDEX tonggao.former_key_by_digest IS 'One row a former key.';
COMMENT ON TABLE tonggao.former_key IS 'Keys of former versions, and the publications that had them.';
COMMENT ON COLUMN tonggao.former_key.url IS 'The key as it was.';
COMMENT ON COLUMN tonggao.former_key.publication_id IS 'The publication that it leads to now.';
COMMENT ON COLUMN tonggao.former_key.merged_id IS 'The number of the publication that had it, where that is another; its history is the present one''s.';
COMMENT ON COLUMN tonggao.former_key.facts IS 'The row of tonggao.publication that went, as it was.';
COMMENT ON COLUMN tonggao.former_key.brought_at IS 'When it was brought over.';

CREATE VIEW archive.merged_publications AS
SELECT f.merged_id AS publication_id, f.publication_id AS merged_into, f.url, f.brought_at AS merged_at
FROM tonggao.former_key f
WHERE f.merged_id IS NOT NULL;
COMMENT ON VIEW archive.merged_publications IS 'Publications that proved to be the same page as another; merged_into always stands, and has the revisions and snapshots of both.';
COMMENT ON COLUMN archive.merged_publications.publication_id IS 'Number of the publication that was.';
COMMENT ON COLUMN archive.merged_publications.merged_into IS 'The publication that holds its history now.';
COMMENT ON COLUMN archive.merged_publications.url IS 'The address under which it was known.';
COMMENT ON COLUMN archive.merged_publications.merged_at IS 'When they became one. archive.changes_since tells it as merged, with this publication''s number.';

CREATE VIEW archive.former_addresses AS
SELECT f.url, f.publication_id, f.brought_at AS changed_at
FROM tonggao.former_key f;
COMMENT ON VIEW archive.former_addresses IS 'Addresses under which publications were known before the form of addresses changed.';
COMMENT ON COLUMN archive.former_addresses.url IS 'The former address.';
COMMENT ON COLUMN archive.former_addresses.publication_id IS 'The publication that it leads to.';
COMMENT ON COLUMN archive.former_addresses.changed_at IS 'When its present address took its place.';
