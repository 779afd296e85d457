CREATE TABLE plans (
    name TEXT NOT NULL PRIMARY KEY,
    requests_per_minute INTEGER, -- nothing: the server's settings; 0: no limit
    events_per_day INTEGER
) STRICT;
INSERT INTO plans VALUES ('default', NULL, NULL);

ALTER TABLE organisations ADD COLUMN plan TEXT NOT NULL DEFAULT 'default'; -- a plan's name
ALTER TABLE organisations ADD COLUMN registered_systems_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organisations ADD COLUMN identity_version INTEGER NOT NULL DEFAULT 0; -- the version at which something of it changed last
CREATE INDEX organisations_by_identity_version ON organisations (identity_version);

-- The version at which something changed last that is no organisation's own.
ALTER TABLE identity_version ADD COLUMN all_since INTEGER NOT NULL DEFAULT 0;

ALTER TABLE api_keys ADD COLUMN pepper_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE api_keys ADD COLUMN previous_prefix TEXT;
ALTER TABLE api_keys ADD COLUMN previous_hash BLOB;
ALTER TABLE api_keys ADD COLUMN previous_pepper_version INTEGER;
ALTER TABLE api_keys ADD COLUMN previous_until_ns INTEGER;
ALTER TABLE api_keys ADD COLUMN requests_per_minute INTEGER; -- nothing: the plan's; 0: no limit
ALTER TABLE api_keys ADD COLUMN events_per_day INTEGER;
ALTER TABLE api_keys ADD COLUMN limits_are_granted INTEGER NOT NULL DEFAULT 0; -- by the operator: also above the plan's
ALTER TABLE api_keys ADD COLUMN allowed_ips TEXT NOT NULL DEFAULT ''; -- CIDR ranges with one space between; none: from everywhere
ALTER TABLE api_keys ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN last_used_at_ns INTEGER;
CREATE UNIQUE INDEX api_keys_previous ON api_keys (previous_prefix);

-- What API keys are hashed under, sealed; the highest version is the one for new keys.
CREATE TABLE peppers (
    version INTEGER NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- The same, with which version of a key's secret a row is: SQLite can't give a table another primary key.
CREATE TABLE versioned_signing_keys (
    org_id BLOB NOT NULL REFERENCES organisations (id),
    key_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    sealed_secret BLOB NOT NULL,
    is_default INTEGER NOT NULL,
    ai_id BLOB,
    made_by TEXT NOT NULL,
    created_at_ns INTEGER NOT NULL,
    verify_until_ns INTEGER,
    revoked_at_ns INTEGER,
    PRIMARY KEY (org_id, key_id, version)
) STRICT;
INSERT INTO versioned_signing_keys
    SELECT org_id, key_id, 1, sealed_secret, is_default, NULL, '', created_at_ns, verify_until_ns, revoked_at_ns
    FROM signing_keys;
DROP TABLE signing_keys;
ALTER TABLE versioned_signing_keys RENAME TO signing_keys;
CREATE UNIQUE INDEX signing_keys_default ON signing_keys (org_id) WHERE is_default;

CREATE TABLE ai_systems (
    org_id BLOB NOT NULL REFERENCES organisations (id),
    ai_id BLOB NOT NULL,
    name TEXT NOT NULL,
    owner TEXT,
    description TEXT,
    environment TEXT,
    created_at_ns INTEGER NOT NULL,
    updated_at_ns INTEGER NOT NULL,
    PRIMARY KEY (org_id, ai_id),
    UNIQUE (org_id, name)
) STRICT;

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT, -- Argon2id, PHC form
    password_is_temporary INTEGER NOT NULL DEFAULT 0,
    email_verified_at_ns INTEGER,
    created_at_ns INTEGER NOT NULL
) STRICT;

CREATE TABLE provider_links (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at_ns INTEGER NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (user_id, provider)
) STRICT;

CREATE TABLE members (
    org_id BLOB NOT NULL REFERENCES organisations (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    joined_at_ns INTEGER NOT NULL,
    PRIMARY KEY (org_id, user_id)
) STRICT;
CREATE INDEX members_by_user ON members (user_id, joined_at_ns);

CREATE TABLE invitations (
    id BLOB NOT NULL PRIMARY KEY,
    org_id BLOB NOT NULL REFERENCES organisations (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    token BLOB NOT NULL UNIQUE, -- SHA-256
    invited_by TEXT NOT NULL,
    created_at_ns INTEGER NOT NULL,
    expires_at_ns INTEGER NOT NULL,
    ended_at_ns INTEGER
) STRICT;
CREATE INDEX invitations_by_org ON invitations (org_id, created_at_ns);
CREATE INDEX invitations_by_end ON invitations (expires_at_ns);

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    org_id BLOB REFERENCES organisations (id),
    user_agent TEXT,
    address TEXT,
    created_at_ns INTEGER NOT NULL,
    last_seen_at_ns INTEGER NOT NULL,
    expires_at_ns INTEGER NOT NULL,
    revoked_at_ns INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at_ns);

-- Every token that a session ever had: one that comes back tells of a thief.
CREATE TABLE refresh_tokens (
    token BLOB NOT NULL PRIMARY KEY, -- SHA-256
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    used_at_ns INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_use ON refresh_tokens (used_at_ns);

CREATE TABLE one_time_tokens (
    token BLOB NOT NULL PRIMARY KEY, -- SHA-256
    purpose TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    expires_at_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at_ns);

-- Sign-ins by address and by account that failed, or have not yet succeeded.
CREATE TABLE login_attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at_ns INTEGER NOT NULL,
    not_before_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX login_attempts_by_time ON login_attempts (last_at_ns);

CREATE TABLE audit_entries (
    id BLOB NOT NULL PRIMARY KEY,
    at_ns INTEGER NOT NULL,
    org_id BLOB,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    result TEXT NOT NULL,
    address TEXT,
    request_id TEXT,
    detail TEXT NOT NULL -- a JSON object
) STRICT;
CREATE INDEX audit_entries_by_org ON audit_entries (org_id, id);

CREATE TRIGGER audit_entries_are_not_changed BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
CREATE TRIGGER audit_entries_are_not_deleted BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'an audit entry is never deleted'); END;
