CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at_ns INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id BLOB NOT NULL PRIMARY KEY,
    org_id BLOB NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL,
    scopes TEXT NOT NULL, -- words with one space between
    created_at_ns INTEGER NOT NULL,
    expires_at_ns INTEGER,
    revoked_at_ns INTEGER
) STRICT;

-- The name of a revoked key may be used again.
CREATE UNIQUE INDEX api_keys_name ON api_keys (org_id, name) WHERE revoked_at_ns IS NULL;
CREATE INDEX api_keys_by_org ON api_keys (org_id, created_at_ns);

CREATE TABLE signing_keys (
    org_id BLOB NOT NULL REFERENCES organisations (id),
    key_id TEXT NOT NULL,
    sealed_secret BLOB NOT NULL,
    is_default INTEGER NOT NULL,
    created_at_ns INTEGER NOT NULL,
    verify_until_ns INTEGER,
    revoked_at_ns INTEGER,
    PRIMARY KEY (org_id, key_id)
) STRICT;

CREATE UNIQUE INDEX signing_keys_default ON signing_keys (org_id) WHERE is_default;

-- Grows with every change above, in the same transaction.
CREATE TABLE identity_version (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO identity_version VALUES (1, 0);

-- A known text, sealed: opens only under the master key that this database was made with.
CREATE TABLE vault_check (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    sealed BLOB NOT NULL
) STRICT;
