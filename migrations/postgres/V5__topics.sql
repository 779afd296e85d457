-- The topics of organisations. That of all organisations' events is in no row.
CREATE TABLE topics (
    id uuid NOT NULL PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations (id),
    name text COLLATE "C" NOT NULL,
    folded text COLLATE "C" NOT NULL, -- the name with '_' for '.': to the log they are the same
    partitions bigint NOT NULL,
    retention_hours bigint, -- nothing: messages are kept until they are deleted
    compacted boolean NOT NULL,
    schema text, -- JSON Schema that messages must meet
    is_made boolean NOT NULL, -- whether the log was seen to have it
    is_deleted boolean NOT NULL DEFAULT false, -- found no more; the row stays until the log has forgotten it
    created_by text NOT NULL,
    created_at_ns bigint NOT NULL,
    updated_at_ns bigint NOT NULL,
    UNIQUE (org_id, folded),
    UNIQUE (org_id, name)
);

-- Idempotency keys of requests that publish, for a day.
CREATE TABLE publications (
    org_id uuid NOT NULL REFERENCES organisations (id),
    key_hash bytea NOT NULL,
    body_hash bytea NOT NULL,
    settled text, -- what was accepted so far, as JSON
    begun_at_ns bigint NOT NULL,
    held_until_ns bigint NOT NULL, -- until then somebody works on it
    PRIMARY KEY (org_id, key_hash)
);
CREATE INDEX publications_by_age ON publications (begun_at_ns);
