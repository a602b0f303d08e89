-- One vocabulary of outcomes for fetching and reading, said once: in scraper/outcome.py.
--
-- Version 0.1 stored the name of an error as the reason of a page that could not be read, so that a wall
-- was "wall" or "Wall" by where it was met. Stored words stay as they are; the views translate them.

ALTER TABLE tonggao.attempt DROP CONSTRAINT attempt_outcome_check1;
COMMENT ON COLUMN tonggao.attempt.outcome IS 'How it ended: a word of scraper.outcome, which is the one list of them.';

CREATE FUNCTION tonggao.reasons_now(reasons jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(jsonb_object_agg(word, pages), '{}')
    FROM (SELECT coalesce(jsonb_build_object(
                     'EmptyPage', 'empty', 'TooShort', 'too_short', 'TooLarge', 'too_large',
                     'ParserCrashed', 'parser_crashed', 'Wall', 'wall', 'NotAnArticle', 'not_an_article',
                     'ListPage', 'list_page', 'MissingPage', 'missing_page', 'LoginPage', 'login_page',
                     'VideoOnly', 'video_only', 'PageError', 'parse_error') ->> key, key) AS word,
                 sum(value::bigint) AS pages
          FROM jsonb_each_text(reasons) GROUP BY 1) AS counted
$$;
COMMENT ON FUNCTION tonggao.reasons_now(jsonb) IS 'Reasons and their counts in present words; two former words for one outcome are added up.';

CREATE OR REPLACE VIEW archive.runs AS
SELECT r.run_id, r.source_id, r.kind, r.state, r.started_at, r.finished_at, r.listed, r.fetched, r.new, r.copies,
       r.revisions, r.unchanged, r.failed, tonggao.reasons_now(r.reasons) AS reasons, r.error
FROM tonggao.run r;
COMMENT ON COLUMN archive.runs.reasons IS 'Failed pages by outcome (docs/outcomes.md), with their counts.';
