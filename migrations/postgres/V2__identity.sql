CREATE TABLE organisations (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL UNIQUE,
    created_at_ns bigint NOT NULL
);

CREATE TABLE api_keys (
    id uuid NOT NULL PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations (id),
    name text NOT NULL,
    prefix text NOT NULL UNIQUE,
    hash bytea NOT NULL,
    scopes text NOT NULL, -- words with one space between
    created_at_ns bigint NOT NULL,
    expires_at_ns bigint,
    revoked_at_ns bigint
);

-- The name of a revoked key may be used again.
CREATE UNIQUE INDEX api_keys_name ON api_keys (org_id, name) WHERE revoked_at_ns IS NULL;
CREATE INDEX api_keys_by_org ON api_keys (org_id, created_at_ns);

CREATE TABLE signing_keys (
    org_id uuid NOT NULL REFERENCES organisations (id),
    key_id text NOT NULL,
    sealed_secret bytea NOT NULL,
    is_default boolean NOT NULL,
    created_at_ns bigint NOT NULL,
    verify_until_ns bigint,
    revoked_at_ns bigint,
    PRIMARY KEY (org_id, key_id)
);

CREATE UNIQUE INDEX signing_keys_default ON signing_keys (org_id) WHERE is_default;

-- Grows with every change above, in the same transaction.
CREATE TABLE identity_version (
    only_row bigint NOT NULL PRIMARY KEY CHECK (only_row = 1),
    version bigint NOT NULL
);
INSERT INTO identity_version VALUES (1, 0);

-- A known text, sealed: opens only under the master key that this database was made with.
CREATE TABLE vault_check (
    only_row bigint NOT NULL PRIMARY KEY CHECK (only_row = 1),
    sealed bytea NOT NULL
);
