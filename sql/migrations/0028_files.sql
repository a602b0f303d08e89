-- Files that releases offer or show: addresses with their versions, bytes or none, and what the bytes say.
-- What was kept before stays where it is, bytes and dates. Sources that were enabled before fetch no more than before.

ALTER TABLE tonggao.source
    ADD COLUMN attachments text NOT NULL DEFAULT 'text' CHECK (attachments IN ('off', 'text', 'keep')),
    ADD COLUMN images text NOT NULL DEFAULT 'off' CHECK (images IN ('off', 'text', 'keep'));
UPDATE tonggao.source SET attachments = 'off' WHERE enabled OR enabled_at IS NOT NULL;
COMMENT ON COLUMN tonggao.source.attachments IS 'What is done with the files of its articles where its definition does not say: off (nothing is fetched), text (fetched and read, the bytes are not kept), keep.';
COMMENT ON COLUMN tonggao.source.images IS 'The same of its articles'' pictures.';

ALTER TABLE tonggao.url_state ADD COLUMN listed_title text;
COMMENT ON COLUMN tonggao.url_state.listed_title IS 'Headline that its list showed, where a list showed it: of a row that leads straight to a file nothing else states one.';

ALTER TABLE tonggao.file ALTER COLUMN content DROP NOT NULL;
ALTER TABLE tonggao.file ADD COLUMN format text;
COMMENT ON TABLE tonggao.file IS 'Contents of images and attachments, each once.';
COMMENT ON COLUMN tonggao.file.content IS 'The bytes, unmodified; null where the source''s policy is to keep the text alone.';
COMMENT ON COLUMN tonggao.file.format IS 'Format by its bytes (pdf, docx, ofd …); null where nobody looked.';

ALTER TABLE tonggao.kept_file ALTER COLUMN digest DROP NOT NULL;
ALTER TABLE tonggao.kept_file ALTER COLUMN fetched_at DROP NOT NULL;
ALTER TABLE tonggao.kept_file ADD COLUMN place integer;
CREATE INDEX kept_file_by_url ON tonggao.kept_file (url_digest);
COMMENT ON TABLE tonggao.kept_file IS 'Which page shows or offers which file that is, or is to be, fetched.';
COMMENT ON COLUMN tonggao.kept_file.digest IS 'The content, as last fetched; null until then.';
COMMENT ON COLUMN tonggao.kept_file.fetched_at IS 'When it was last fetched; null until then.';
COMMENT ON COLUMN tonggao.kept_file.place IS 'Place among the page''s files of its kind, from 1; the first attachment is the main one. Null where it was kept before places were.';

CREATE TABLE tonggao.file_address (
    url_digest bytea PRIMARY KEY CHECK (octet_length(url_digest) = 32),
    url text NOT NULL COLLATE "C",
    host text NOT NULL COLLATE "C",
    kind text NOT NULL CHECK (kind IN ('image', 'attachment')),
    keep boolean NOT NULL,
    digest bytea REFERENCES tonggao.file,
    etag text,
    last_modified text,
    fetched_at timestamptz,
    checked_at timestamptz,
    outcome text,
    detail text,
    failures integer NOT NULL DEFAULT 0,
    next_try_at timestamptz
);
CREATE INDEX file_address_due ON tonggao.file_address (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX file_address_by_host ON tonggao.file_address (host, checked_at);
CREATE INDEX file_address_by_digest ON tonggao.file_address (digest);
COMMENT ON TABLE tonggao.file_address IS 'Addresses of files: what they gave last, and when they are asked again.';
COMMENT ON COLUMN tonggao.file_address.url_digest IS 'SHA-256 of url, for the key.';
COMMENT ON COLUMN tonggao.file_address.url IS 'Address of the image or attachment.';
COMMENT ON COLUMN tonggao.file_address.host IS 'Its host, in small letters: so many files a day are asked of one.';
COMMENT ON COLUMN tonggao.file_address.kind IS 'image or attachment.';
COMMENT ON COLUMN tonggao.file_address.keep IS 'Whether a source wants the bytes kept, not the text alone.';
COMMENT ON COLUMN tonggao.file_address.digest IS 'The content that it gave last; null until it gave one.';
COMMENT ON COLUMN tonggao.file_address.etag IS 'ETag of that content, as the server gave it.';
COMMENT ON COLUMN tonggao.file_address.last_modified IS 'Last-Modified of that content, as the server gave it.';
COMMENT ON COLUMN tonggao.file_address.fetched_at IS 'When it last gave a whole content.';
COMMENT ON COLUMN tonggao.file_address.checked_at IS 'When it was last asked.';
COMMENT ON COLUMN tonggao.file_address.outcome IS 'How that request ended; null until the first.';
COMMENT ON COLUMN tonggao.file_address.detail IS 'A sentence about it, where it failed.';
COMMENT ON COLUMN tonggao.file_address.failures IS 'Failed requests in a row.';
COMMENT ON COLUMN tonggao.file_address.next_try_at IS 'When it is to be asked; null: when its article is looked at again, once a day at most.';

CREATE TABLE tonggao.file_version (
    url_digest bytea NOT NULL REFERENCES tonggao.file_address,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    digest bytea NOT NULL REFERENCES tonggao.file,
    name text,
    media_type text,
    run_id bigint,
    clock_doubtful boolean NOT NULL DEFAULT false,
    PRIMARY KEY (url_digest, first_at)
);
CREATE INDEX file_version_by_digest ON tonggao.file_version (digest);
COMMENT ON TABLE tonggao.file_version IS 'Each content that an address gave, and from when to when it was seen there.';
COMMENT ON COLUMN tonggao.file_version.url_digest IS 'The address.';
COMMENT ON COLUMN tonggao.file_version.first_at IS 'When it first gave this content after another, or at all.';
COMMENT ON COLUMN tonggao.file_version.last_at IS 'When it was last seen to give it still.';
COMMENT ON COLUMN tonggao.file_version.digest IS 'The content.';
COMMENT ON COLUMN tonggao.file_version.name IS 'Name that the server gave it (Content-Disposition).';
COMMENT ON COLUMN tonggao.file_version.media_type IS 'Content-Type as the server gave it, without parameters.';
COMMENT ON COLUMN tonggao.file_version.run_id IS 'The run that brought it.';
COMMENT ON COLUMN tonggao.file_version.clock_doubtful IS 'The clock of the machine was in doubt: first_at is the database''s time.';

CREATE TABLE tonggao.file_text (
    digest bytea NOT NULL REFERENCES tonggao.file,
    recognised boolean NOT NULL,
    state text NOT NULL,
    detail text,
    body text NOT NULL DEFAULT '' COLLATE "C",
    heading text,
    pages integer,
    complete boolean NOT NULL DEFAULT true,
    confidence real,
    reader text NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (digest, recognised)
);
COMMENT ON TABLE tonggao.file_text IS 'What a content says: one row of what the file itself states, one of what was recognised in its pictures.';
COMMENT ON COLUMN tonggao.file_text.digest IS 'The content.';
COMMENT ON COLUMN tonggao.file_text.recognised IS 'Whether body was recognised in pictures, and may hold errors of that.';
COMMENT ON COLUMN tonggao.file_text.state IS 'read, or the word for why there is no text: encrypted, damaged, too_large, no_reader …; pictured: it holds pictures and no text.';
COMMENT ON COLUMN tonggao.file_text.detail IS 'A sentence about it, where it could not be read.';
COMMENT ON COLUMN tonggao.file_text.body IS 'The text, one line a paragraph; cells of a table''s row are parted by tabs.';
COMMENT ON COLUMN tonggao.file_text.heading IS 'The title that the document itself shows; null where none stands out.';
COMMENT ON COLUMN tonggao.file_text.pages IS 'Pages, sheets or slides; null where it has none.';
COMMENT ON COLUMN tonggao.file_text.complete IS 'False where a limit cut the text.';
COMMENT ON COLUMN tonggao.file_text.confidence IS 'How sure the recognition is, of 0 to 1; null where nothing was recognised.';
COMMENT ON COLUMN tonggao.file_text.reader IS 'Name and version of what read it.';
COMMENT ON COLUMN tonggao.file_text.read_at IS 'When it was read.';

INSERT INTO tonggao.file_address (url_digest, url, host, kind, keep, digest, etag, last_modified, fetched_at, checked_at, outcome)
SELECT DISTINCT ON (k.url_digest) k.url_digest, k.url, coalesce(lower(substring(k.url FROM '^[a-zA-Z]+://(?:[^/@]*@)?([^/:?#]+)')), ''),
       k.kind, true, k.digest, k.etag, k.last_modified, k.fetched_at, k.fetched_at, 'ok'
FROM tonggao.kept_file k
ORDER BY k.url_digest, k.fetched_at DESC;

INSERT INTO tonggao.file_version (url_digest, first_at, last_at, digest, media_type)
SELECT DISTINCT ON (v.url_digest, v.first_at) v.url_digest, v.first_at, v.last_at, v.digest, f.media_type
FROM (SELECT k.url_digest, k.digest, min(k.fetched_at) AS first_at, max(k.fetched_at) AS last_at
      FROM tonggao.kept_file k GROUP BY k.url_digest, k.digest) AS v
JOIN tonggao.file f USING (digest)
ORDER BY v.url_digest, v.first_at, v.last_at DESC;

ALTER TABLE tonggao.publication DROP CONSTRAINT publication_joined_by_check;
ALTER TABLE tonggao.publication ADD CONSTRAINT publication_joined_by_check CHECK (joined_by IN ('own', 'digest', 'near', 'file'));
COMMENT ON COLUMN tonggao.publication.joined_by IS 'Why it is in its release: own (began it), digest (same normalised text), near (verified near-duplicate), file (no text of its own; same headline and same main file).';
COMMENT ON COLUMN archive.publications.joined_by IS 'Why it is in its release: own (began it), digest (same normalised text), near (verified near-duplicate), file (no text of its own; same headline and same main file).';
COMMENT ON COLUMN archive.copies.joined_by IS 'Why it is in its release: own (began it), digest (same normalised text), near (verified near-duplicate), file (no text of its own; same headline and same main file).';
ALTER TABLE tonggao.change DROP CONSTRAINT change_kind_check;
ALTER TABLE tonggao.change ADD CONSTRAINT change_kind_check CHECK (kind IN ('new', 'copy', 'revision', 'reparsed',
    'withdrawn', 'restored', 'canonical', 'merged', 'file_changed'));
COMMENT ON COLUMN tonggao.change.kind IS 'new, copy, revision, reparsed, withdrawn, restored, canonical (another publication stands for the release), merged, file_changed (an address of a file gives another content).';

CREATE FUNCTION tonggao.lines_only_in(body text, other text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(mine.line ORDER BY mine.place), '{}')
        FROM string_to_table(body, E'\n') WITH ORDINALITY AS mine (line, place)
        LEFT JOIN (SELECT DISTINCT line FROM string_to_table(other, E'\n') AS line) AS theirs ON theirs.line = mine.line
        WHERE theirs.line IS NULL);
END
$$;
COMMENT ON FUNCTION tonggao.lines_only_in(body text, other text) IS 'Lines of a text that another one does not have, in time that grows with both and not with their product.';

CREATE VIEW archive.files AS
SELECT p.release_id, p.publication_id, k.kind, k.place, k.url,
       CASE k.kind WHEN 'attachment' THEN offered.item ->> 'name' ELSE offered.item ->> 'caption' END AS name,
       offered.item IS NOT NULL AS offered, k.kind = 'attachment' AND k.place = 1 AS main,
       encode(k.digest, 'hex') AS digest, v.name AS served_name, coalesce(v.media_type, f.media_type) AS media_type,
       f.format, f.size, f.content IS NOT NULL AS kept, t.state AS text_state, t.detail AS text_detail,
       CASE WHEN t.state = 'read' THEN t.body END AS text, t.heading, t.pages, t.complete, t.reader,
       CASE WHEN o.state = 'read' THEN o.body END AS recognised_text, o.confidence, v.first_at, a.checked_at, a.outcome,
       a.next_try_at, (SELECT count(*) FROM tonggao.file_version n WHERE n.url_digest = k.url_digest) AS versions
FROM tonggao.kept_file k
JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
LEFT JOIN tonggao.revision r ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from
LEFT JOIN LATERAL (
    SELECT item FROM jsonb_array_elements(CASE k.kind WHEN 'attachment' THEN r.attachments ELSE r.images END) AS item
    WHERE item ->> 'url' = k.url LIMIT 1) AS offered ON true
LEFT JOIN tonggao.file_address a ON a.url_digest = k.url_digest
LEFT JOIN LATERAL (
    SELECT n.name, n.media_type, n.first_at FROM tonggao.file_version n
    WHERE n.url_digest = k.url_digest AND n.digest = k.digest ORDER BY n.first_at DESC LIMIT 1) AS v ON true
LEFT JOIN tonggao.file f ON f.digest = k.digest
LEFT JOIN tonggao.file_text t ON t.digest = k.digest AND NOT t.recognised
LEFT JOIN tonggao.file_text o ON o.digest = k.digest AND o.recognised;
COMMENT ON VIEW archive.files IS 'Files of publications that were, or are to be, fetched: one row for each publication and address, with what the file says. Its text is never a part of the publication''s own.';
COMMENT ON COLUMN archive.files.release_id IS 'The story it tells.';
COMMENT ON COLUMN archive.files.publication_id IS 'Number of the publication.';
COMMENT ON COLUMN archive.files.kind IS 'image or attachment.';
COMMENT ON COLUMN archive.files.place IS 'Place among the publication''s files of its kind, from 1; null where it was kept before places were.';
COMMENT ON COLUMN archive.files.url IS 'Address of the file.';
COMMENT ON COLUMN archive.files.name IS 'The name shown for it; of a picture its caption.';
COMMENT ON COLUMN archive.files.offered IS 'Whether the text in force still offers or shows it.';
COMMENT ON COLUMN archive.files.main IS 'Whether it is the first attachment.';
COMMENT ON COLUMN archive.files.digest IS 'SHA-256 of the content, in hexadecimal; null until it was fetched.';
COMMENT ON COLUMN archive.files.served_name IS 'Name that the server gave it (Content-Disposition).';
COMMENT ON COLUMN archive.files.media_type IS 'Content-Type as the server gave it, without parameters.';
COMMENT ON COLUMN archive.files.format IS 'Format by its bytes (pdf, docx, ofd …); null where nobody looked.';
COMMENT ON COLUMN archive.files.size IS 'Number of bytes.';
COMMENT ON COLUMN archive.files.kept IS 'Whether the bytes are here; false where the source''s policy is to keep the text alone.';
COMMENT ON COLUMN archive.files.text_state IS 'read, or the word for why there is no text (encrypted, damaged, no_reader …); pictured: pictures and no text; null where nobody tried.';
COMMENT ON COLUMN archive.files.text_detail IS 'A sentence about it, where it could not be read.';
COMMENT ON COLUMN archive.files.text IS 'What the file itself states; null where it could not be read.';
COMMENT ON COLUMN archive.files.heading IS 'The title that the document itself shows.';
COMMENT ON COLUMN archive.files.pages IS 'Pages, sheets or slides.';
COMMENT ON COLUMN archive.files.complete IS 'False where a limit cut the text.';
COMMENT ON COLUMN archive.files.reader IS 'Name and version of what read it.';
COMMENT ON COLUMN archive.files.recognised_text IS 'What was recognised in its pictures, which may hold errors of that; null where nothing was.';
COMMENT ON COLUMN archive.files.confidence IS 'How sure the recognition is, of 0 to 1.';
COMMENT ON COLUMN archive.files.first_at IS 'Since when the address gives this content.';
COMMENT ON COLUMN archive.files.checked_at IS 'When the address was last asked.';
COMMENT ON COLUMN archive.files.outcome IS 'How that request ended; null until the first.';
COMMENT ON COLUMN archive.files.next_try_at IS 'When it is to be asked; null: when its article is looked at again.';
COMMENT ON COLUMN archive.files.versions IS 'How many contents the address gave, one after another.';

CREATE VIEW archive.file_versions AS
SELECT p.release_id, p.publication_id, k.url, row_number() OVER w AS number, encode(v.digest, 'hex') AS digest,
       v.first_at, v.last_at, v.name, v.media_type, f.size, f.content IS NOT NULL AS kept,
       tonggao.lines_only_in(t.body, lag(t.body) OVER w) AS added,
       tonggao.lines_only_in(lag(t.body) OVER w, t.body) AS removed
FROM tonggao.kept_file k
JOIN tonggao.publication p ON tonggao.digest_of(p.url) = k.page_digest
JOIN tonggao.file_version v ON v.url_digest = k.url_digest
JOIN tonggao.file f ON f.digest = v.digest
LEFT JOIN tonggao.file_text t ON t.digest = v.digest AND NOT t.recognised AND t.state = 'read'
WINDOW w AS (PARTITION BY k.page_digest, k.url_digest ORDER BY v.first_at);
COMMENT ON VIEW archive.file_versions IS 'Each content that the address of a publication''s file gave, and what its text says otherwise than the one before.';
COMMENT ON COLUMN archive.file_versions.release_id IS 'The story it tells.';
COMMENT ON COLUMN archive.file_versions.publication_id IS 'Number of the publication.';
COMMENT ON COLUMN archive.file_versions.url IS 'Address of the file.';
COMMENT ON COLUMN archive.file_versions.number IS 'Number among the address''s contents, from 1.';
COMMENT ON COLUMN archive.file_versions.digest IS 'SHA-256 of the content, in hexadecimal.';
COMMENT ON COLUMN archive.file_versions.first_at IS 'When the address first gave it after another, or at all.';
COMMENT ON COLUMN archive.file_versions.last_at IS 'When it was last seen to give it still.';
COMMENT ON COLUMN archive.file_versions.name IS 'Name that the server gave it (Content-Disposition).';
COMMENT ON COLUMN archive.file_versions.media_type IS 'Content-Type as the server gave it, without parameters.';
COMMENT ON COLUMN archive.file_versions.size IS 'Number of bytes.';
COMMENT ON COLUMN archive.file_versions.kept IS 'Whether the bytes are here.';
COMMENT ON COLUMN archive.file_versions.added IS 'Lines that the content before did not have; null for the first, and where one of both could not be read.';
COMMENT ON COLUMN archive.file_versions.removed IS 'Lines of the content before that this one does not have.';
