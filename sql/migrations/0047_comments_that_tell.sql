-- Comments that said less than there is, or something else: words that came later, and columns of views that were
-- given the meaning of columns of the same name elsewhere.

COMMENT ON COLUMN tonggao.event.kind IS 'health (a state changed), backfill (one ended or failed), job (one was set aside), recovery (work of a dead process was taken over), clock (a machine''s is doubtful), integrity (a stored value is another one), timestamp (an authority stays away), watch (the target of one takes no messages), digest (the message of the day was sent).';

COMMENT ON COLUMN archive.runs.run_id IS 'Number of the run, rising.';
COMMENT ON COLUMN archive.runs.source_id IS 'The source visited.';
COMMENT ON COLUMN archive.runs.kind IS 'What asked for it: scheduled, manual, backfill, reparse, import.';
COMMENT ON COLUMN archive.revisions.revision_id IS 'Number of the revision.';
COMMENT ON COLUMN archive.regions.name IS 'Full name, the last one that the code had.';
COMMENT ON COLUMN archive.sources.source_id IS 'Stable name of the column, e.g. tianjin.gov.jrgz.';
COMMENT ON COLUMN archive.sources.region IS 'GB/T 2260 code of the region the column is about; null when it is the whole country.';
COMMENT ON COLUMN archive.sources_health.source_id IS 'Stable name of the column, e.g. tianjin.gov.jrgz.';
COMMENT ON COLUMN archive.sources_health.region IS 'GB/T 2260 code of the region the column is about; null when it is the whole country.';

COMMENT ON COLUMN tonggao.hold_entry.entry_id IS 'Its number. One that is missing was taken by a dry run of an erasing, or by an attempt that failed.';
COMMENT ON COLUMN archive.holds.entry_id IS 'Its number; rows are only added. One that is missing was taken by a dry run of an erasing, or by an attempt that failed.';
COMMENT ON COLUMN tonggao.erasure.erasure_id IS 'Its number. One that is missing was taken by a dry run, or by an attempt that failed.';
COMMENT ON COLUMN archive.erasures.erasure_id IS 'The erasing; several rows may have gone by one. A number that is missing was taken by a dry run, or by an attempt that failed.';

COMMENT ON COLUMN tonggao.address_key.relation IS 'The table of the row: publication, url_state, backfill_item or kept_file.';
COMMENT ON COLUMN tonggao.health.seen_state IS 'What the last look at the source shows by itself: ok, late, degraded or failing; state waits until more than one visit agrees, since it is what alarms are sent for.';
COMMENT ON COLUMN tonggao.source.images IS 'The same of its articles'' pictures: off, text, keep.';
