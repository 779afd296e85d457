-- Records, one row each. `record` is the exact text that the log carried; the other columns are what it is searched by.
-- A rowid table on purpose: records are large, and a WITHOUT ROWID table would keep them inside its search tree.
CREATE TABLE aibbar_events (
    org_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    ai_id BLOB NOT NULL,
    event_type INTEGER NOT NULL,
    timestamp_ns INTEGER NOT NULL,
    received_at_ns INTEGER NOT NULL,
    session_id TEXT,
    request_id TEXT,
    sequence INTEGER,
    signature BLOB NOT NULL,
    -- Where in `record` the event stands, in characters, the first being 1: text is searched there alone.
    event_at INTEGER NOT NULL,
    event_chars INTEGER NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (org_id, event_id)
) STRICT;

CREATE INDEX aibbar_events_by_ai ON aibbar_events (org_id, ai_id, event_id);
CREATE INDEX aibbar_events_by_session ON aibbar_events (org_id, session_id, event_id) WHERE session_id IS NOT NULL;
CREATE INDEX aibbar_events_by_request ON aibbar_events (org_id, request_id, event_id) WHERE request_id IS NOT NULL;
