-- Schemas, roles, the registry of sources and the ledger of runs.

CREATE SCHEMA IF NOT EXISTS tonggao;  -- the ledger of migrations may have made it
COMMENT ON SCHEMA tonggao IS 'Base tables of the program; their shape may change between versions.';
CREATE SCHEMA archive;
COMMENT ON SCHEMA archive IS 'The SQL interface: views and functions that stay stable between versions.';

-- The reading role belongs to the whole server, so another database may have made it already, and a
-- managed server may not let us make it at all: then the operator makes it and grants it by hand.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tonggao_reader') THEN
        CREATE ROLE tonggao_reader NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE WARNING 'role tonggao_reader could not be made; ask the server''s owner for: CREATE ROLE tonggao_reader NOLOGIN';
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tonggao_reader') THEN
        GRANT USAGE ON SCHEMA archive TO tonggao_reader;
        ALTER DEFAULT PRIVILEGES IN SCHEMA archive GRANT SELECT ON TABLES TO tonggao_reader;
    END IF;
END
$$;

CREATE TABLE tonggao.source (
    source_id    text PRIMARY KEY,
    name         text NOT NULL,
    publisher    text NOT NULL,
    region       text CHECK (region ~ '^[0-9]{6}$'),
    kind         text NOT NULL,
    lists        text[] NOT NULL,
    tags         text[] NOT NULL DEFAULT '{}',
    confidence   text,
    enabled      boolean NOT NULL DEFAULT false,
    enabled_at   timestamptz,
    definition   jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE tonggao.source IS 'Columns of publishers that can be watched; filled from the catalogue.';
COMMENT ON COLUMN tonggao.source.source_id IS 'Stable name of the column, e.g. tianjin.gov.jrgz.';
COMMENT ON COLUMN tonggao.source.name IS 'Name of the column as people know it.';
COMMENT ON COLUMN tonggao.source.publisher IS 'Who publishes the column.';
COMMENT ON COLUMN tonggao.source.region IS 'GB/T 2260 code of the region the column is about; null when it is the whole country.';
COMMENT ON COLUMN tonggao.source.kind IS 'Kind of publisher: gov-portal, press-office, gov-department, cri-region, state-media-region, provincial-news.';
COMMENT ON COLUMN tonggao.source.lists IS 'Addresses of the list pages.';
COMMENT ON COLUMN tonggao.source.tags IS 'Free labels for selecting sources.';
COMMENT ON COLUMN tonggao.source.confidence IS 'How sure the catalogue is of this column: high, medium, low; null for a source of the user.';
COMMENT ON COLUMN tonggao.source.enabled IS 'Whether daemons watch it. Nothing is fetched until somebody enables it.';
COMMENT ON COLUMN tonggao.source.enabled_at IS 'When it was last enabled.';
COMMENT ON COLUMN tonggao.source.definition IS 'The whole definition as it was last read, for the record.';
COMMENT ON COLUMN tonggao.source.created_at IS 'When the source was first registered.';
COMMENT ON COLUMN tonggao.source.updated_at IS 'When the definition was last registered with a change.';

CREATE TABLE tonggao.run (
    run_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id    text NOT NULL REFERENCES tonggao.source,
    kind         text NOT NULL CHECK (kind IN ('scheduled', 'manual', 'backfill', 'reparse', 'import')),
    state        text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'interrupted')),
    worker       text NOT NULL,
    slot_at      timestamptz,
    started_at   timestamptz NOT NULL DEFAULT now(),
    heartbeat_at timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    listed       integer NOT NULL DEFAULT 0,
    pages        integer NOT NULL DEFAULT 0,
    fetched      integer NOT NULL DEFAULT 0,
    new          integer NOT NULL DEFAULT 0,
    copies       integer NOT NULL DEFAULT 0,
    revisions    integer NOT NULL DEFAULT 0,
    unchanged    integer NOT NULL DEFAULT 0,
    withdrawn    integer NOT NULL DEFAULT 0,
    failed       integer NOT NULL DEFAULT 0,
    reasons      jsonb NOT NULL DEFAULT '{}',
    error        text,
    CHECK ((state = 'running') = (finished_at IS NULL))
);
COMMENT ON TABLE tonggao.run IS 'One visit of one source, by whomever: the ledger.';
COMMENT ON COLUMN tonggao.run.run_id IS 'Number of the run, rising.';
COMMENT ON COLUMN tonggao.run.source_id IS 'The source visited.';
COMMENT ON COLUMN tonggao.run.kind IS 'What asked for it: scheduled, manual, backfill, reparse, import.';
COMMENT ON COLUMN tonggao.run.state IS 'running, done, failed (the listing could not be used), interrupted (its process ended).';
COMMENT ON COLUMN tonggao.run.worker IS 'Host name and process number of the process that does it.';
COMMENT ON COLUMN tonggao.run.slot_at IS 'For a scheduled run: when it was due.';
COMMENT ON COLUMN tonggao.run.started_at IS 'When it began.';
COMMENT ON COLUMN tonggao.run.heartbeat_at IS 'When its process last said that it is alive.';
COMMENT ON COLUMN tonggao.run.finished_at IS 'When it ended; null while it runs.';
COMMENT ON COLUMN tonggao.run.listed IS 'Article links seen on list pages.';
COMMENT ON COLUMN tonggao.run.pages IS 'List pages that were read.';
COMMENT ON COLUMN tonggao.run.withdrawn IS 'Publications found to be withdrawn.';
COMMENT ON COLUMN tonggao.run.fetched IS 'Article pages that were delivered.';
COMMENT ON COLUMN tonggao.run.new IS 'Publications archived as a new release.';
COMMENT ON COLUMN tonggao.run.copies IS 'Publications archived as a copy of a known release.';
COMMENT ON COLUMN tonggao.run.revisions IS 'Known publications whose text had changed.';
COMMENT ON COLUMN tonggao.run.unchanged IS 'Known publications that had not changed.';
COMMENT ON COLUMN tonggao.run.failed IS 'Articles that could not be archived this time.';
COMMENT ON COLUMN tonggao.run.reasons IS 'Failures by outcome or verdict, with their counts.';
COMMENT ON COLUMN tonggao.run.error IS 'Why the run as a whole failed.';

CREATE INDEX run_by_source ON tonggao.run (source_id, started_at DESC);
CREATE INDEX run_open ON tonggao.run (heartbeat_at) WHERE state = 'running';
