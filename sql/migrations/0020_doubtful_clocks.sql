-- Observations made while the machine's clock was in doubt are marked; times that a wrong clock left are mended by
-- `tonggao repair times --apply` alone, which keeps the old value of each beside it.

ALTER TABLE tonggao.attempt ADD COLUMN clock_doubtful boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tonggao.attempt.clock_doubtful IS 'The clock of the machine was in doubt: the times are the database''s.';
ALTER TABLE tonggao.snapshot ADD COLUMN clock_doubtful boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tonggao.snapshot.clock_doubtful IS 'The clock of the machine was in doubt: fetched_at is the database''s time.';
ALTER TABLE tonggao.revision ADD COLUMN clock_doubtful boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tonggao.revision.clock_doubtful IS 'The clock of the machine was in doubt: valid_from is the database''s time.';

CREATE TABLE tonggao.mended_time (
    mended_at   timestamptz NOT NULL DEFAULT now(),
    relation    text NOT NULL,
    row_key     text NOT NULL,
    column_name text NOT NULL,
    old_value   timestamptz NOT NULL,
    new_value   timestamptz
);
COMMENT ON TABLE tonggao.mended_time IS 'Times in the future that a wrong clock had left and `tonggao repair times --apply` has mended, with what they were.';
COMMENT ON COLUMN tonggao.mended_time.mended_at IS 'When it was mended.';
COMMENT ON COLUMN tonggao.mended_time.relation IS 'The table, without its schema.';
COMMENT ON COLUMN tonggao.mended_time.row_key IS 'Key of the row: a number, or a digest in hexadecimal.';
COMMENT ON COLUMN tonggao.mended_time.column_name IS 'The column.';
COMMENT ON COLUMN tonggao.mended_time.old_value IS 'What stood there.';
COMMENT ON COLUMN tonggao.mended_time.new_value IS 'What stands there now; null for none.';

COMMENT ON COLUMN tonggao.event.kind IS 'health (a state changed), backfill, job (one was set aside), recovery, clock (a machine''s is doubtful), digest.';
