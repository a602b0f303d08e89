-- What a list shows is written down before it is asked for: a visit that is cut short forgets nothing.

CREATE OR REPLACE VIEW archive.unread AS
SELECT s.url, s.source_id,
       CASE WHEN s.failures = 0 THEN 'listed' WHEN s.decision = 'withdrawn' THEN 'withdrawn before it was read'
            ELSE 'failing' END AS state,
       s.outcome, s.status, s.failures, s.sightings, s.failing_since, s.tried_at, s.next_try_at, s.listed_on, s.detail
FROM tonggao.url_state s
WHERE s.purpose = 'article'
  AND NOT EXISTS (SELECT FROM tonggao.publication p WHERE p.url = s.url AND p.revision_id IS NOT NULL);
COMMENT ON COLUMN archive.unread.state IS 'listed: not asked for yet; failing; or withdrawn before it was read: several sightings of 404 or 410, long enough apart. It is still looked at, rarely.';
COMMENT ON COLUMN tonggao.url_state.outcome IS 'How the last attempt ended; listed where there was none yet.';
COMMENT ON COLUMN tonggao.url_state.failures IS 'Failures in a row; 0 for what was listed and not asked for yet.';
