-- How long organisations want their events kept. Without a row: as long as the installation says.
CREATE TABLE retention (
    org_id uuid NOT NULL PRIMARY KEY REFERENCES organisations (id),
    events_days bigint NOT NULL,
    updated_by text NOT NULL,
    updated_at_ns bigint NOT NULL
);

-- Legal holds: what one that is not released covers is not dropped, however old. A row stays after its release.
CREATE TABLE legal_holds (
    id uuid NOT NULL PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations (id),
    ai_id uuid, -- nothing: all that the organisation has
    name text,
    reason text NOT NULL,
    placed_by text NOT NULL,
    placed_at_ns bigint NOT NULL,
    release_reason text,
    released_by text,
    released_at_ns bigint
);
CREATE INDEX legal_holds_by_org ON legal_holds (org_id, id);
CREATE INDEX legal_holds_active ON legal_holds (org_id) WHERE released_at_ns IS NULL;

-- One row. Whoever changes what is kept, and whoever drops, locks it first: they come one after the other.
CREATE TABLE retention_state (
    id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    clock_seen_at_ns bigint, -- the clock of who kept house last
    paused_until_ns bigint NOT NULL DEFAULT 0 -- after a clock has jumped nothing is dropped before this
);
INSERT INTO retention_state (id) VALUES (1);
