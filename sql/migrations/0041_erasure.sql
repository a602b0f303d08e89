-- Erasing for good, and holding against it: what went is told by tombstones, who did it by logs that only grow.
--
-- A tombstone has numbers, the address, the reason, the day and digests; nothing of it can be read back into a text.
-- It keeps the address, or the file, from being archived again, and lets exports, replicas and proofs go on.

CREATE FUNCTION tonggao.only_grows() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of tonggao.% are neither changed nor deleted', TG_TABLE_NAME
        USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;
COMMENT ON FUNCTION tonggao.only_grows() IS 'Refuses to change or delete rows of a log.';

CREATE TABLE tonggao.erasure (
    erasure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    erased_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_by  text        NOT NULL DEFAULT session_user,
    asked      text        NOT NULL,
    reason     text        NOT NULL CHECK (reason <> ''),
    despite    bigint[]    NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE tonggao.erasure IS 'Every erasing that was done; rows are only added.';
COMMENT ON COLUMN tonggao.erasure.erasure_id IS 'Its number.';
COMMENT ON COLUMN tonggao.erasure.erased_at IS 'When.';
COMMENT ON COLUMN tonggao.erasure.erased_by IS 'The login that did it.';
COMMENT ON COLUMN tonggao.erasure.asked IS 'What was named: a release, an address, or a file by its digest.';
COMMENT ON COLUMN tonggao.erasure.reason IS 'Why, as whoever asked for it said.';
COMMENT ON COLUMN tonggao.erasure.despite IS 'Releases under a hold that it overrode; empty for none.';

CREATE TABLE tonggao.tombstone (
    kind           text   NOT NULL CHECK (kind IN ('publication', 'file')),
    subject        bytea  NOT NULL CHECK (octet_length(subject) = 32),
    erasure_id     bigint NOT NULL REFERENCES tonggao.erasure,
    url            text   COLLATE "C",
    publication_id bigint,
    release_id     bigint,
    source_id      text,
    dated_on       date[] NOT NULL DEFAULT '{}',
    digests        jsonb  NOT NULL DEFAULT '[]',
    PRIMARY KEY (kind, subject)
);
CREATE INDEX tombstone_by_release ON tonggao.tombstone (release_id);
CREATE INDEX tombstone_by_erasure ON tonggao.tombstone (erasure_id);
COMMENT ON TABLE tonggao.tombstone IS 'What stays of what was erased: it is not archived again. Rows are only added.';
COMMENT ON COLUMN tonggao.tombstone.kind IS 'publication (all texts of an address), file (a content, wherever it was offered).';
COMMENT ON COLUMN tonggao.tombstone.subject IS 'SHA-256 of the address in UTF-8, or of the file''s bytes.';
COMMENT ON COLUMN tonggao.tombstone.erasure_id IS 'The erasing it went by.';
COMMENT ON COLUMN tonggao.tombstone.url IS 'The address; null for a file.';
COMMENT ON COLUMN tonggao.tombstone.publication_id IS 'The publication''s number; null where the archive had none, and for a file.';
COMMENT ON COLUMN tonggao.tombstone.release_id IS 'The release it was in; null as above.';
COMMENT ON COLUMN tonggao.tombstone.source_id IS 'Its source; null as above.';
COMMENT ON COLUMN tonggao.tombstone.dated_on IS 'Days (Asia/Shanghai) under which its texts lay: what copies of the archive have to look at.';
COMMENT ON COLUMN tonggao.tombstone.digests IS 'Of each value that went: its kind (record, snapshot, further_page, file), its row''s number where it has one, and its digest.';

CREATE TABLE tonggao.hold_entry (
    entry_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    release_id bigint      NOT NULL REFERENCES tonggao.release,
    action     text        NOT NULL CHECK (action IN ('add', 'remove', 'override')),
    reason     text        NOT NULL CHECK (reason <> ''),
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    made_by    text        NOT NULL DEFAULT session_user
);
CREATE INDEX hold_entry_by_release ON tonggao.hold_entry (release_id, entry_id DESC);
COMMENT ON TABLE tonggao.hold_entry IS 'What was put under a hold, released from it, or erased in spite of it; rows are only added.';
COMMENT ON COLUMN tonggao.hold_entry.entry_id IS 'Its number.';
COMMENT ON COLUMN tonggao.hold_entry.release_id IS 'The release, by the number it had then.';
COMMENT ON COLUMN tonggao.hold_entry.action IS 'add, remove, override (erased although it was held; the hold goes on).';
COMMENT ON COLUMN tonggao.hold_entry.reason IS 'Why.';
COMMENT ON COLUMN tonggao.hold_entry.made_at IS 'When.';
COMMENT ON COLUMN tonggao.hold_entry.made_by IS 'The login that did it.';

CREATE TRIGGER erasure_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tonggao.erasure
    FOR EACH STATEMENT EXECUTE FUNCTION tonggao.only_grows();
CREATE TRIGGER tombstone_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tonggao.tombstone
    FOR EACH STATEMENT EXECUTE FUNCTION tonggao.only_grows();
CREATE TRIGGER hold_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tonggao.hold_entry
    FOR EACH STATEMENT EXECUTE FUNCTION tonggao.only_grows();
COMMENT ON TRIGGER erasure_only_grows ON tonggao.erasure IS 'A log.';
COMMENT ON TRIGGER tombstone_only_grows ON tonggao.tombstone IS 'A log.';
COMMENT ON TRIGGER hold_entry_only_grows ON tonggao.hold_entry IS 'A log.';

CREATE VIEW tonggao.held AS
SELECT DISTINCT coalesce(r.merged_into, r.release_id) AS release_id
FROM (SELECT DISTINCT ON (e.release_id) e.release_id, e.action FROM tonggao.hold_entry e
      WHERE e.action <> 'override' ORDER BY e.release_id, e.entry_id DESC) AS last
JOIN tonggao.release r USING (release_id)
WHERE last.action = 'add';
COMMENT ON VIEW tonggao.held IS 'Releases under a hold now; of a merged one the release that took it over.';
COMMENT ON COLUMN tonggao.held.release_id IS 'The release.';

ALTER TABLE tonggao.publication ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN tonggao.publication.erased_at IS 'When its texts were erased; null while it has them.';

ALTER TABLE tonggao.change DROP CONSTRAINT change_kind_check;
ALTER TABLE tonggao.change ADD CONSTRAINT change_kind_check CHECK (kind IN ('new', 'copy', 'revision', 'reparsed',
    'withdrawn', 'restored', 'canonical', 'merged', 'file_changed', 'redated', 'erased'));
COMMENT ON COLUMN tonggao.change.kind IS 'new, copy, revision, reparsed, withdrawn, restored, canonical (another publication stands for the release), merged, file_changed (an address of a file gives another content), redated (a time that a wrong clock had left was mended), erased (its texts; with a revision: a file of it).';

CREATE OR REPLACE VIEW archive.publications AS
 SELECT p.publication_id,
    p.release_id,
    p.url,
    p.source_id,
    s.publisher,
    p.dated_at,
    v.published_at,
    v.published_precision,
    v.title,
    v.subtitle,
    v.kicker,
    v.named_source,
    v.author,
    v.editor,
    v.body,
    v.region,
    v.keywords,
    v.images,
    v.attachments,
    v.document,
    v.column_name,
    v.site_name,
    v.site_id,
    p.first_seen_at,
    p.last_seen_at,
    p.withdrawn_at,
    p.withdrawn_for,
    p.joined_by,
    p.joined_to,
    p.evidence,
    (p.publication_id = r.canonical_id) AS canonical,
    p.revision_id,
    v.parser_version,
    v.origins,
    v.next_pages,
    p.listed_on,
    COALESCE(v.site_region, "substring"(v.site_id, '^([1-8][0-9]{5})[0-9]{4}$'::text)) AS site_region,
    v.valid_from,
    v.reparsed,
    COALESCE(v.brought_by, CASE WHEN v.reparsed THEN 'reparse' END) AS brought_by,
    p.ranked_at,
    p.own_story,
    encode(v.record_digest, 'hex') AS record_digest,
    p.erased_at
   FROM (((tonggao.publication p
     JOIN tonggao.release r ON ((r.release_id = p.release_id)))
     JOIN tonggao.source s ON ((s.source_id = p.source_id)))
     LEFT JOIN tonggao.revision v ON (((v.revision_id = p.revision_id) AND (v.valid_from = p.revision_from))));
COMMENT ON COLUMN archive.publications.record_digest IS 'SHA-256 of all that the page states, in hexadecimal, behind the number of its form.';
COMMENT ON COLUMN archive.publications.erased_at IS 'When its texts were erased; null while it has them. The tombstone is in archive.erasures.';

CREATE VIEW archive.erasures AS
SELECT e.erasure_id, t.kind, t.release_id, t.publication_id, t.url, t.source_id,
       CASE t.kind WHEN 'file' THEN encode(t.subject, 'hex') END AS file_digest,
       e.reason, e.erased_at, e.erased_by, e.asked, e.despite AS despite_holds, t.dated_on, t.digests
FROM tonggao.erasure e JOIN tonggao.tombstone t USING (erasure_id);
COMMENT ON VIEW archive.erasures IS 'What was erased for good, one row for each publication or file: numbers, address, reason, day and digests, never a text.';
COMMENT ON COLUMN archive.erasures.erasure_id IS 'The erasing; several rows may have gone by one.';
COMMENT ON COLUMN archive.erasures.kind IS 'publication (all texts of an address), file (a content, wherever it was offered).';
COMMENT ON COLUMN archive.erasures.release_id IS 'The release it was in; null for a file, and where the archive had none.';
COMMENT ON COLUMN archive.erasures.publication_id IS 'The publication; null as above.';
COMMENT ON COLUMN archive.erasures.url IS 'Its address, which is not archived again; null for a file.';
COMMENT ON COLUMN archive.erasures.source_id IS 'Its source.';
COMMENT ON COLUMN archive.erasures.file_digest IS 'Of a file: SHA-256 of its bytes, in hexadecimal.';
COMMENT ON COLUMN archive.erasures.reason IS 'Why, as whoever asked for it said.';
COMMENT ON COLUMN archive.erasures.erased_at IS 'When.';
COMMENT ON COLUMN archive.erasures.erased_by IS 'The login that did it.';
COMMENT ON COLUMN archive.erasures.asked IS 'What was named: a release, an address, or a file by its digest.';
COMMENT ON COLUMN archive.erasures.despite_holds IS 'Releases under a hold that the erasing overrode.';
COMMENT ON COLUMN archive.erasures.dated_on IS 'Days (Asia/Shanghai) under which its texts lay.';
COMMENT ON COLUMN archive.erasures.digests IS 'Of each value that went: kind, row and digest.';

CREATE VIEW archive.holds AS
SELECT e.entry_id, e.release_id, e.action, e.reason, e.made_at, e.made_by,
       e.action = 'add' AND e.entry_id = (SELECT max(l.entry_id) FROM tonggao.hold_entry l
                                          WHERE l.release_id = e.release_id AND l.action <> 'override') AS in_force
FROM tonggao.hold_entry e;
COMMENT ON VIEW archive.holds IS 'Releases that nobody may erase and no policy may prune, and all that was done about it.';
COMMENT ON COLUMN archive.holds.entry_id IS 'Its number; rows are only added.';
COMMENT ON COLUMN archive.holds.release_id IS 'The release, by the number it had then.';
COMMENT ON COLUMN archive.holds.action IS 'add, remove, override (erased although it was held).';
COMMENT ON COLUMN archive.holds.reason IS 'Why.';
COMMENT ON COLUMN archive.holds.made_at IS 'When.';
COMMENT ON COLUMN archive.holds.made_by IS 'The login that did it.';
COMMENT ON COLUMN archive.holds.in_force IS 'Whether this is the hold that the release is under now.';

-- The planner keeps samples of values (pg_stats). Taken anew they lack what is gone, but those of a table that is empty
-- now stay as they are: a superuser may delete them, and from PostgreSQL 18 on an owner.
CREATE FUNCTION tonggao.forget_samples() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record;
    any_row boolean;
BEGIN
    FOR part IN
        SELECT c.oid, c.relname, c.relkind, string_agg(quote_ident(a.attname), ', ') AS columns, array_agg(a.attname) AS names
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'tonggao'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname IN ('revision', 'file', 'file_text', 'file_version', 'url_state', 'backfill_item', 'quarantine', 'content',
                            'dictionary')
          AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
        GROUP BY c.oid, c.relname, c.relkind
    LOOP
        EXECUTE format('ANALYZE tonggao.%I (%s)', part.relname, part.columns);
    END LOOP;
    FOR part IN
        SELECT c.oid, c.relname, a.attname, s.stainherit
        FROM pg_class c
        JOIN pg_statistic s ON s.starelid = c.oid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.staattnum
        WHERE c.relnamespace = 'tonggao'::regnamespace AND c.relkind IN ('r', 'p')
          AND c.relname ~ '^(revision|file|file_text|file_version|url_state|backfill_item|quarantine|content|dictionary)(_[0-9].*)?$'
          AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype, 'bytea'::regtype)
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM tonggao.%I)', part.relname) INTO any_row;
        CONTINUE WHEN any_row;
        IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
            DELETE FROM pg_statistic s USING pg_attribute a
            WHERE s.starelid = part.oid AND a.attrelid = part.oid AND a.attname = part.attname AND s.staattnum = a.attnum;
        ELSIF to_regproc('pg_catalog.pg_clear_attribute_stats') IS NOT NULL THEN
            EXECUTE format('SELECT pg_catalog.pg_clear_attribute_stats(%L, %L, %L, %L)',
                           'tonggao', part.relname, part.attname, part.stainherit);
        ELSE
            RETURN NEXT 'tonggao.' || part.relname || '.' || part.attname;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION tonggao.forget_samples() IS 'Takes the planner''s samples of texts anew, without what was deleted; returns columns whose old ones only a superuser can delete.';
