-- Records, one row each. `record` is the exact text that the log carried (jsonb would change numbers and refuse \u0000);
-- the other columns are what it is searched by.
-- Partitioned by month of the time inside the event id (UUIDv7: byte order is time order), so that (org_id, event_id) is
-- unique and old records leave by dropping a partition. The months from 2020 to 2099 are made ahead and on demand;
-- two fixed partitions take ids whose time lies outside, so that their number stays bounded whatever is written.
CREATE TABLE aibbar_events (
    org_id uuid NOT NULL,
    event_id uuid NOT NULL,
    ai_id uuid NOT NULL,
    event_type smallint NOT NULL,
    timestamp_ns bigint NOT NULL,
    received_at_ns bigint NOT NULL,
    session_id text COLLATE "C",
    request_id text COLLATE "C",
    sequence bigint,
    signature bytea NOT NULL,
    -- Where in `record` the event stands, in characters, the first being 1: text is searched there alone.
    event_at integer NOT NULL,
    event_chars integer NOT NULL,
    record text NOT NULL,
    PRIMARY KEY (org_id, event_id)
) PARTITION BY RANGE (event_id);

-- An index entry holds at most some 2,700 bytes, an id of a session or request may be longer: its first 128 characters are
-- indexed, and the whole is compared too.
CREATE INDEX aibbar_events_by_ai ON aibbar_events (org_id, ai_id, event_id);
CREATE INDEX aibbar_events_by_session ON aibbar_events (org_id, left(session_id, 128), event_id) WHERE session_id IS NOT NULL;
CREATE INDEX aibbar_events_by_request ON aibbar_events (org_id, left(request_id, 128), event_id) WHERE request_id IS NOT NULL;

CREATE TABLE aibbar_events_before_2020 PARTITION OF aibbar_events
    FOR VALUES FROM (MINVALUE) TO ('016f5e66-e800-0000-0000-000000000000');
CREATE TABLE aibbar_events_from_2100 PARTITION OF aibbar_events
    FOR VALUES FROM ('03bb2cc3-d800-0000-0000-000000000000') TO (MAXVALUE);
