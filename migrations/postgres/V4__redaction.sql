-- What an organisation says of redaction, and what its pseudonyms are made with. One row for each that has said anything.
CREATE TABLE redaction (
    org_id uuid NOT NULL PRIMARY KEY REFERENCES organisations (id),
    version bigint NOT NULL, -- counts the changes of the settings, from 1
    settings text NOT NULL, -- a JSON object
    updated_by text NOT NULL,
    updated_at_ns bigint NOT NULL,
    key_version bigint NOT NULL, -- counts the keys, from 1: those before are gone
    sealed_key bytea NOT NULL,
    key_made_at_ns bigint NOT NULL
);
