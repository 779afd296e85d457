-- How long organisations want their events kept. Without a row: as long as the installation says.
CREATE TABLE retention (
    org_id BLOB NOT NULL PRIMARY KEY REFERENCES organisations (id),
    events_days INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    updated_at_ns INTEGER NOT NULL
) STRICT;

-- Legal holds: what one that is not released covers is not dropped, however old. A row stays after its release.
CREATE TABLE legal_holds (
    id BLOB NOT NULL PRIMARY KEY,
    org_id BLOB NOT NULL REFERENCES organisations (id),
    ai_id BLOB, -- nothing: all that the organisation has
    name TEXT,
    reason TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at_ns INTEGER NOT NULL,
    release_reason TEXT,
    released_by TEXT,
    released_at_ns INTEGER
) STRICT;
CREATE INDEX legal_holds_by_org ON legal_holds (org_id, id);
CREATE INDEX legal_holds_active ON legal_holds (org_id) WHERE released_at_ns IS NULL;

-- One row.
CREATE TABLE retention_state (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    clock_seen_at_ns INTEGER, -- the clock of who kept house last
    paused_until_ns INTEGER NOT NULL DEFAULT 0 -- after a clock has jumped nothing is dropped before this
) STRICT;
INSERT INTO retention_state (id) VALUES (1);
