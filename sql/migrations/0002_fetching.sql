-- Fetching: the budget of each host, robots.txt, attempts, URLs that fail, files that are kept.

CREATE TABLE tonggao.host (
    host             text PRIMARY KEY,
    last_start       timestamptz NOT NULL,
    next_start       timestamptz NOT NULL,
    lease_token      uuid,
    lease_until      timestamptz,
    holder           uuid,
    factor           real NOT NULL DEFAULT 1 CHECK (factor >= 1),
    response_seconds real NOT NULL DEFAULT 0 CHECK (response_seconds >= 0),
    interval_seconds real NOT NULL,
    overridden       boolean NOT NULL DEFAULT false,
    starts           bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 50);
COMMENT ON TABLE tonggao.host IS 'The budget of each host, shared by every process on every machine: one request at a time, and a rest between two starts. All times are the database server''s.';
COMMENT ON COLUMN tonggao.host.host IS 'Name of the host, lower case, without port.';
COMMENT ON COLUMN tonggao.host.last_start IS 'When the last request was begun, or at the latest reached the host.';
COMMENT ON COLUMN tonggao.host.next_start IS 'Before this no request may begin.';
COMMENT ON COLUMN tonggao.host.lease_token IS 'The request that holds the host; null when none does.';
COMMENT ON COLUMN tonggao.host.lease_until IS 'When the hold ends by itself, should its process have died.';
COMMENT ON COLUMN tonggao.host.holder IS 'The process that had the last slot; it lets others go first.';
COMMENT ON COLUMN tonggao.host.factor IS 'How many times slower than usual the host is asked, after refusals and failures.';
COMMENT ON COLUMN tonggao.host.response_seconds IS 'Running mean of the time to the last byte of an answer.';
COMMENT ON COLUMN tonggao.host.interval_seconds IS 'The interval that the last request was made under, before the host''s own behaviour.';
COMMENT ON COLUMN tonggao.host.overridden IS 'Whether the operator had overridden the interval for that request.';
COMMENT ON COLUMN tonggao.host.starts IS 'Requests begun so far.';

CREATE TABLE tonggao.robots (
    origin      text PRIMARY KEY,
    verdict     text NOT NULL CHECK (verdict IN ('rules', 'allow', 'disallow')),
    body        text NOT NULL DEFAULT '',
    status      smallint,
    detail      text NOT NULL DEFAULT '',
    fetched_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
COMMENT ON TABLE tonggao.robots IS 'robots.txt of each origin (RFC 9309), as last fetched.';
COMMENT ON COLUMN tonggao.robots.origin IS 'Scheme, host and port.';
COMMENT ON COLUMN tonggao.robots.verdict IS 'rules: ask the body; allow: there is none (4xx); disallow: it cannot be had at present.';
COMMENT ON COLUMN tonggao.robots.body IS 'The rules, at most 500 KiB.';
COMMENT ON COLUMN tonggao.robots.status IS 'Status of the answer; null where none came.';
COMMENT ON COLUMN tonggao.robots.detail IS 'What went wrong, where something did.';
COMMENT ON COLUMN tonggao.robots.fetched_at IS 'When it was asked for.';
COMMENT ON COLUMN tonggao.robots.expires_at IS 'When it has to be asked for again.';

CREATE TABLE tonggao.attempt (
    attempt_id    bigint GENERATED ALWAYS AS IDENTITY,
    started_at    timestamptz NOT NULL,
    source_id     text,
    run_id        bigint,
    purpose       text NOT NULL CHECK (purpose IN ('listing', 'article', 'image', 'attachment', 'robots')),
    url           text NOT NULL,
    final_url     text,
    outcome       text NOT NULL CHECK (outcome IN (
        'ok', 'not_modified', 'gone', 'blocked_robots', 'refused_unsafe', 'off_list', 'bad_redirect', 'wall',
        'rate_limited', 'client_error', 'server_error', 'dns', 'connect', 'tls', 'timeout', 'protocol', 'too_large',
        'wrong_type', 'empty', 'charset', 'parse_error', 'busy')),
    status        smallint,
    wall          text,
    bytes         bigint NOT NULL DEFAULT 0,
    milliseconds  integer NOT NULL DEFAULT 0,
    redirects     smallint NOT NULL DEFAULT 0,
    decision      text NOT NULL CHECK (decision IN ('none', 'again', 'later', 'confirm', 'withdrawn')),
    retry_at      timestamptz,
    detail        text NOT NULL DEFAULT '',
    robots_ignored boolean NOT NULL DEFAULT false,
    PRIMARY KEY (started_at, attempt_id)
);
COMMENT ON TABLE tonggao.attempt IS 'Each attempt to bring a URL; kept for a settable time. The key begins with the time, so that the table can be partitioned by it.';
COMMENT ON COLUMN tonggao.attempt.attempt_id IS 'Number, rising.';
COMMENT ON COLUMN tonggao.attempt.started_at IS 'When the attempt began.';
COMMENT ON COLUMN tonggao.attempt.source_id IS 'The source it was made for.';
COMMENT ON COLUMN tonggao.attempt.run_id IS 'The run it belongs to.';
COMMENT ON COLUMN tonggao.attempt.purpose IS 'listing, article, image, attachment or robots.';
COMMENT ON COLUMN tonggao.attempt.url IS 'The address asked for.';
COMMENT ON COLUMN tonggao.attempt.final_url IS 'The address that answered, where redirects led elsewhere.';
COMMENT ON COLUMN tonggao.attempt.outcome IS 'How it ended; a closed vocabulary.';
COMMENT ON COLUMN tonggao.attempt.status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN tonggao.attempt.wall IS 'Name of the wall, where the outcome is wall.';
COMMENT ON COLUMN tonggao.attempt.bytes IS 'Bytes of content as sent over the wire.';
COMMENT ON COLUMN tonggao.attempt.milliseconds IS 'From the first slot to the last byte, without waiting for slots.';
COMMENT ON COLUMN tonggao.attempt.redirects IS 'Redirects followed.';
COMMENT ON COLUMN tonggao.attempt.decision IS 'What is to be done about the URL: none, again (at once), later, confirm (gone, not yet believed), withdrawn.';
COMMENT ON COLUMN tonggao.attempt.retry_at IS 'When the URL is due again.';
COMMENT ON COLUMN tonggao.attempt.detail IS 'A sentence for the operator.';
COMMENT ON COLUMN tonggao.attempt.robots_ignored IS 'Whether the source is set to disregard robots.txt.';
CREATE INDEX attempt_by_source ON tonggao.attempt (source_id, started_at DESC);
CREATE INDEX attempt_by_number ON tonggao.attempt (attempt_id);

CREATE TABLE tonggao.url_state (
    url_digest   bytea PRIMARY KEY CHECK (octet_length(url_digest) = 32),
    url          text NOT NULL,
    source_id    text,
    purpose      text NOT NULL,
    outcome      text NOT NULL,
    status       smallint,
    decision     text NOT NULL,
    failures     integer NOT NULL,
    sightings    integer NOT NULL DEFAULT 0,
    sighted_at   timestamptz,
    failing_since timestamptz NOT NULL,
    tried_at     timestamptz NOT NULL,
    next_try_at  timestamptz NOT NULL,
    detail       text NOT NULL DEFAULT ''
);
COMMENT ON TABLE tonggao.url_state IS 'URLs that could not be brought, and when they are due again. A URL that comes is taken off; none is ever given up.';
COMMENT ON COLUMN tonggao.url_state.url_digest IS 'SHA-256 of the URL, for URLs can be longer than an index takes.';
COMMENT ON COLUMN tonggao.url_state.url IS 'The address.';
COMMENT ON COLUMN tonggao.url_state.source_id IS 'The source it was asked for.';
COMMENT ON COLUMN tonggao.url_state.purpose IS 'listing, article, image or attachment.';
COMMENT ON COLUMN tonggao.url_state.outcome IS 'How the last attempt ended.';
COMMENT ON COLUMN tonggao.url_state.status IS 'HTTP status of the last attempt.';
COMMENT ON COLUMN tonggao.url_state.decision IS 'later, confirm or withdrawn.';
COMMENT ON COLUMN tonggao.url_state.failures IS 'Failures in a row.';
COMMENT ON COLUMN tonggao.url_state.sightings IS 'How often in a row it was seen to be gone, each long enough after the one before.';
COMMENT ON COLUMN tonggao.url_state.sighted_at IS 'When the last of these was counted.';
COMMENT ON COLUMN tonggao.url_state.failing_since IS 'When the first failure of the row was.';
COMMENT ON COLUMN tonggao.url_state.tried_at IS 'When it was last tried.';
COMMENT ON COLUMN tonggao.url_state.next_try_at IS 'When it is due again.';
COMMENT ON COLUMN tonggao.url_state.detail IS 'A sentence for the operator.';
CREATE INDEX url_state_due ON tonggao.url_state (source_id, next_try_at);

CREATE TABLE tonggao.file (
    digest     bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    media_type text,
    size       bigint NOT NULL,
    content    bytea NOT NULL,
    stored_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (size = octet_length(content))
);
ALTER TABLE tonggao.file ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE tonggao.file IS 'Bytes of images and attachments, each once; filled only for sources that are set to keep them.';
COMMENT ON COLUMN tonggao.file.digest IS 'SHA-256 of the bytes.';
COMMENT ON COLUMN tonggao.file.media_type IS 'Content-Type as the server gave it, without parameters.';
COMMENT ON COLUMN tonggao.file.size IS 'Number of bytes.';
COMMENT ON COLUMN tonggao.file.content IS 'The bytes, unmodified; not compressed again, for these formats are compressed already.';
COMMENT ON COLUMN tonggao.file.stored_at IS 'When they were first stored.';

CREATE TABLE tonggao.kept_file (
    page_url   text NOT NULL,
    url        text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('image', 'attachment')),
    digest     bytea NOT NULL REFERENCES tonggao.file,
    source_id  text,
    etag       text,
    last_modified text,
    fetched_at timestamptz NOT NULL,
    page_digest bytea NOT NULL,
    url_digest bytea NOT NULL,
    PRIMARY KEY (page_digest, url_digest)
);
COMMENT ON TABLE tonggao.kept_file IS 'Which page shows or offers which kept file.';
COMMENT ON COLUMN tonggao.kept_file.page_url IS 'Normal URL of the article.';
COMMENT ON COLUMN tonggao.kept_file.url IS 'Address of the image or attachment.';
COMMENT ON COLUMN tonggao.kept_file.kind IS 'image or attachment.';
COMMENT ON COLUMN tonggao.kept_file.digest IS 'The bytes, as last fetched.';
COMMENT ON COLUMN tonggao.kept_file.source_id IS 'The source whose article it is.';
COMMENT ON COLUMN tonggao.kept_file.etag IS 'ETag, as the server gave it.';
COMMENT ON COLUMN tonggao.kept_file.last_modified IS 'Last-Modified, as the server gave it.';
COMMENT ON COLUMN tonggao.kept_file.fetched_at IS 'When it was last fetched.';
COMMENT ON COLUMN tonggao.kept_file.page_digest IS 'SHA-256 of page_url, for the key.';
COMMENT ON COLUMN tonggao.kept_file.url_digest IS 'SHA-256 of url, for the key.';
CREATE INDEX kept_file_by_digest ON tonggao.kept_file (digest);
