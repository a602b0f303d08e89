-- Pages that crashed the parser's process: kept with their bytes until the parser can read them.

CREATE TABLE tonggao.quarantine (
    url            text PRIMARY KEY,
    source_id      text REFERENCES tonggao.source,
    body           bytea NOT NULL,
    http_charset   text,
    parser_version text NOT NULL,
    detail         text NOT NULL,
    crashes        integer NOT NULL DEFAULT 1,
    first_at       timestamptz NOT NULL DEFAULT now(),
    last_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX quarantine_by_source ON tonggao.quarantine (source_id, last_at DESC);
COMMENT ON TABLE tonggao.quarantine IS 'Pages on which the parser''s process died, hung or outgrew its memory; the rest of their source goes on.';
COMMENT ON COLUMN tonggao.quarantine.url IS 'Address of the page.';
COMMENT ON COLUMN tonggao.quarantine.source_id IS 'Source that listed it.';
COMMENT ON COLUMN tonggao.quarantine.body IS 'The bytes that did it, as received last.';
COMMENT ON COLUMN tonggao.quarantine.http_charset IS 'Charset the server stated.';
COMMENT ON COLUMN tonggao.quarantine.parser_version IS 'Version of the parser that crashed last.';
COMMENT ON COLUMN tonggao.quarantine.detail IS 'How the process ended.';
COMMENT ON COLUMN tonggao.quarantine.crashes IS 'How often it has crashed.';
COMMENT ON COLUMN tonggao.quarantine.first_at IS 'When it crashed first.';
COMMENT ON COLUMN tonggao.quarantine.last_at IS 'When it crashed last.';
