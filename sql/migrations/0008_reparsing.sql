-- How far each reading of the stored pages by a new parser has come, so that it can be resumed.

CREATE TABLE tonggao.reparse (
    parser_version    text NOT NULL,
    selection         text NOT NULL,
    after_publication bigint NOT NULL,
    after_fetched     timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (parser_version, selection)
);
COMMENT ON TABLE tonggao.reparse IS 'Readings of stored pages that were begun and not finished.';
COMMENT ON COLUMN tonggao.reparse.parser_version IS 'The parser that reads.';
COMMENT ON COLUMN tonggao.reparse.selection IS 'Which pages were asked for.';
COMMENT ON COLUMN tonggao.reparse.after_publication IS 'Publication of the last page that was read and stored.';
COMMENT ON COLUMN tonggao.reparse.after_fetched IS 'When that page was fetched.';
COMMENT ON COLUMN tonggao.reparse.updated_at IS 'When this was written.';
