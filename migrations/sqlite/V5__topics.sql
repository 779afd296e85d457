-- The topics of organisations. That of all organisations' events is in no row.
CREATE TABLE topics (
    id BLOB NOT NULL PRIMARY KEY,
    org_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    folded TEXT NOT NULL, -- the name with '_' for '.': to the log they are the same
    partitions INTEGER NOT NULL,
    retention_hours INTEGER, -- nothing: messages are kept until they are deleted
    compacted INTEGER NOT NULL,
    schema TEXT, -- JSON Schema that messages must meet
    is_made INTEGER NOT NULL, -- whether the log was seen to have it
    is_deleted INTEGER NOT NULL DEFAULT 0, -- found no more; the row stays until the log has forgotten it
    created_by TEXT NOT NULL,
    created_at_ns INTEGER NOT NULL,
    updated_at_ns INTEGER NOT NULL,
    UNIQUE (org_id, folded),
    UNIQUE (org_id, name)
) STRICT;

-- Idempotency keys of requests that publish, for a day.
CREATE TABLE publications (
    org_id BLOB NOT NULL REFERENCES organisations (id),
    key_hash BLOB NOT NULL,
    body_hash BLOB NOT NULL,
    settled TEXT, -- what was accepted so far, as JSON
    begun_at_ns INTEGER NOT NULL,
    held_until_ns INTEGER NOT NULL, -- until then somebody works on it
    PRIMARY KEY (org_id, key_hash)
) STRICT;
CREATE INDEX publications_by_age ON publications (begun_at_ns);
