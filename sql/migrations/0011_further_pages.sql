-- Articles that go on over several pages: the bytes of the later pages, too, so that none of them is
-- lost and a later parser reads the whole article again.

ALTER TABLE tonggao.publication ADD COLUMN further_digest bytea;
COMMENT ON COLUMN tonggao.publication.further_digest IS 'SHA-256 of the digests of its further pages as received last; null for an article on one page.';

-- Not cut by time like snapshot: hardly one article in a hundred goes on over several pages.
CREATE TABLE tonggao.further_page (
    publication_id bigint NOT NULL REFERENCES tonggao.publication,
    fetched_at     timestamptz NOT NULL,
    place          smallint NOT NULL CHECK (place > 1),
    url            text NOT NULL,
    received_at    timestamptz NOT NULL,
    digest         bytea NOT NULL,
    status         smallint,
    http_charset   text,
    headers        jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (publication_id, fetched_at, place)
);
CREATE INDEX further_page_by_digest ON tonggao.further_page (digest);
COMMENT ON TABLE tonggao.further_page IS 'The later pages of an article that goes on over several, as received together with a snapshot of the first.';
COMMENT ON COLUMN tonggao.further_page.publication_id IS 'The publication they belong to.';
COMMENT ON COLUMN tonggao.further_page.fetched_at IS 'When the first page was received: with publication_id the snapshot they continue.';
COMMENT ON COLUMN tonggao.further_page.place IS 'Number of the page, from 2 on.';
COMMENT ON COLUMN tonggao.further_page.url IS 'Its address.';
COMMENT ON COLUMN tonggao.further_page.received_at IS 'When it was received itself.';
COMMENT ON COLUMN tonggao.further_page.digest IS 'SHA-256 of its bytes: the row in content, unless a policy deleted it.';
COMMENT ON COLUMN tonggao.further_page.status IS 'HTTP status.';
COMMENT ON COLUMN tonggao.further_page.http_charset IS 'Charset the server stated.';
COMMENT ON COLUMN tonggao.further_page.headers IS 'The answer''s headers in order, [name, value] each.';

CREATE VIEW archive.further_pages AS
SELECT f.publication_id, f.fetched_at, f.place, f.url, f.received_at, encode(f.digest, 'hex') AS digest, f.status,
       f.http_charset, f.headers, c.size, length(c.bytes) AS stored_bytes, c.digest IS NOT NULL AS kept
FROM tonggao.further_page f
LEFT JOIN tonggao.content c ON c.digest = f.digest;
COMMENT ON VIEW archive.further_pages IS 'Later pages of articles that go on over several; publication_id and fetched_at are those of the first page''s snapshot.';
COMMENT ON COLUMN archive.further_pages.publication_id IS 'The publication they belong to.';
COMMENT ON COLUMN archive.further_pages.fetched_at IS 'When the first page was received.';
COMMENT ON COLUMN archive.further_pages.place IS 'Number of the page, from 2 on.';
COMMENT ON COLUMN archive.further_pages.url IS 'Its address.';
COMMENT ON COLUMN archive.further_pages.received_at IS 'When it was received itself.';
COMMENT ON COLUMN archive.further_pages.digest IS 'SHA-256 of its bytes, in hexadecimal.';
COMMENT ON COLUMN archive.further_pages.status IS 'HTTP status.';
COMMENT ON COLUMN archive.further_pages.http_charset IS 'Charset the server stated.';
COMMENT ON COLUMN archive.further_pages.headers IS 'The answer''s headers in order, [name, value] each.';
COMMENT ON COLUMN archive.further_pages.size IS 'Length of its bytes as received; null where they are not kept.';
COMMENT ON COLUMN archive.further_pages.stored_bytes IS 'Length as stored, compressed.';
COMMENT ON COLUMN archive.further_pages.kept IS 'Whether the bytes are still there.';
