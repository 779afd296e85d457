CREATE TABLE plans (
    name text NOT NULL PRIMARY KEY,
    requests_per_minute bigint, -- nothing: the server's settings; 0: no limit
    events_per_day bigint
);
INSERT INTO plans VALUES ('default', NULL, NULL);

ALTER TABLE organisations
    ADD COLUMN plan text NOT NULL DEFAULT 'default' REFERENCES plans (name),
    ADD COLUMN registered_systems_only boolean NOT NULL DEFAULT false,
    ADD COLUMN identity_version bigint NOT NULL DEFAULT 0; -- the version at which something of it changed last
CREATE INDEX organisations_by_identity_version ON organisations (identity_version);

-- The version at which something changed last that is no organisation's own.
ALTER TABLE identity_version ADD COLUMN all_since bigint NOT NULL DEFAULT 0;

ALTER TABLE api_keys
    ADD COLUMN pepper_version bigint NOT NULL DEFAULT 1,
    ADD COLUMN previous_prefix text UNIQUE,
    ADD COLUMN previous_hash bytea,
    ADD COLUMN previous_pepper_version bigint,
    ADD COLUMN previous_until_ns bigint,
    ADD COLUMN requests_per_minute bigint, -- nothing: the plan's; 0: no limit
    ADD COLUMN events_per_day bigint,
    ADD COLUMN limits_are_granted boolean NOT NULL DEFAULT false, -- by the operator: also above the plan's
    ADD COLUMN allowed_ips text NOT NULL DEFAULT '', -- CIDR ranges with one space between; none: from everywhere
    ADD COLUMN made_by text NOT NULL DEFAULT '',
    ADD COLUMN last_used_at_ns bigint;

-- What API keys are hashed under, sealed; the highest version is the one for new keys.
CREATE TABLE peppers (
    version bigint NOT NULL PRIMARY KEY,
    sealed bytea NOT NULL
);

-- Which version of a key's secret a row is.
ALTER TABLE signing_keys
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN ai_id uuid,
    ADD COLUMN made_by text NOT NULL DEFAULT '',
    DROP CONSTRAINT signing_keys_pkey,
    ADD PRIMARY KEY (org_id, key_id, version);

CREATE TABLE ai_systems (
    org_id uuid NOT NULL REFERENCES organisations (id),
    ai_id uuid NOT NULL,
    name text NOT NULL,
    owner text,
    description text,
    environment text,
    created_at_ns bigint NOT NULL,
    updated_at_ns bigint NOT NULL,
    PRIMARY KEY (org_id, ai_id),
    UNIQUE (org_id, name)
);

CREATE TABLE users (
    id uuid NOT NULL PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    password text, -- Argon2id, PHC form
    password_is_temporary boolean NOT NULL DEFAULT false,
    email_verified_at_ns bigint,
    created_at_ns bigint NOT NULL
);

CREATE TABLE provider_links (
    provider text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at_ns bigint NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (user_id, provider)
);

CREATE TABLE members (
    org_id uuid NOT NULL REFERENCES organisations (id),
    user_id uuid NOT NULL REFERENCES users (id),
    role text NOT NULL,
    joined_at_ns bigint NOT NULL,
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, joined_at_ns);

CREATE TABLE invitations (
    id uuid NOT NULL PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations (id),
    email text NOT NULL,
    role text NOT NULL,
    token bytea NOT NULL UNIQUE, -- SHA-256
    invited_by text NOT NULL,
    created_at_ns bigint NOT NULL,
    expires_at_ns bigint NOT NULL,
    ended_at_ns bigint
);
CREATE INDEX invitations_by_org ON invitations (org_id, created_at_ns);
CREATE INDEX invitations_by_end ON invitations (expires_at_ns);

CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    org_id uuid REFERENCES organisations (id),
    user_agent text,
    address text,
    created_at_ns bigint NOT NULL,
    last_seen_at_ns bigint NOT NULL,
    expires_at_ns bigint NOT NULL,
    revoked_at_ns bigint
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at_ns);

-- Every token that a session ever had: one that comes back tells of a thief.
CREATE TABLE refresh_tokens (
    token bytea NOT NULL PRIMARY KEY, -- SHA-256
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    used_at_ns bigint
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_use ON refresh_tokens (used_at_ns);

CREATE TABLE one_time_tokens (
    token bytea NOT NULL PRIMARY KEY, -- SHA-256
    purpose text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    expires_at_ns bigint NOT NULL
);
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at_ns);

-- Sign-ins by address and by account that failed, or have not yet succeeded.
CREATE TABLE login_attempts (
    subject text NOT NULL PRIMARY KEY,
    failures bigint NOT NULL,
    last_at_ns bigint NOT NULL,
    not_before_ns bigint NOT NULL
);
CREATE INDEX login_attempts_by_time ON login_attempts (last_at_ns);

CREATE TABLE audit_entries (
    id uuid NOT NULL PRIMARY KEY,
    at_ns bigint NOT NULL,
    org_id uuid,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    action text NOT NULL,
    target_kind text NOT NULL,
    target_id text NOT NULL,
    result text NOT NULL,
    address text,
    request_id text,
    detail text NOT NULL -- a JSON object
);
CREATE INDEX audit_entries_by_org ON audit_entries (org_id, id);

CREATE FUNCTION audit_entries_are_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an audit entry is never changed'; END $$;
CREATE TRIGGER audit_entries_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_are_kept();
