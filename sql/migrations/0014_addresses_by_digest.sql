-- One row an address, however long the address is: a b-tree takes no entry above a third of a page, and
-- one listed link of some thousand incompressible characters failed every visit of its source.
--
-- Uniqueness goes by the digest. People still look addresses up as they are, whole or by their beginning:
-- an SP-GiST index holds texts of any length (at a million addresses 83 MB and the digests' 56 MB, where
-- the b-tree alone had 135 MB; built in 3 s and 2 s).

CREATE FUNCTION tonggao.digest_of(content text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT sha256(convert_to(content, 'UTF8'))
$$;
COMMENT ON FUNCTION tonggao.digest_of(text) IS 'SHA-256 of a text in UTF-8: the key of what others wrote, which may be of any length.';

ALTER TABLE tonggao.publication DROP CONSTRAINT publication_url_key;
CREATE UNIQUE INDEX publication_by_digest ON tonggao.publication (tonggao.digest_of(url));
CREATE INDEX publication_by_url ON tonggao.publication USING spgist (url);
COMMENT ON INDEX tonggao.publication_by_digest IS 'One publication an address.';
COMMENT ON INDEX tonggao.publication_by_url IS 'Finds addresses as users write them: whole, or by how they begin.';

ALTER TABLE tonggao.quarantine DROP CONSTRAINT quarantine_pkey;
CREATE UNIQUE INDEX quarantine_by_digest ON tonggao.quarantine (tonggao.digest_of(url));
COMMENT ON INDEX tonggao.quarantine_by_digest IS 'One row an address.';
