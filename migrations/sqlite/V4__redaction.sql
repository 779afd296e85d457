-- What an organisation says of redaction, and what its pseudonyms are made with. One row for each that has said anything.
CREATE TABLE redaction (
    org_id BLOB NOT NULL PRIMARY KEY REFERENCES organisations (id),
    version INTEGER NOT NULL, -- counts the changes of the settings, from 1
    settings TEXT NOT NULL, -- a JSON object
    updated_by TEXT NOT NULL,
    updated_at_ns INTEGER NOT NULL,
    key_version INTEGER NOT NULL, -- counts the keys, from 1: those before are gone
    sealed_key BLOB NOT NULL,
    key_made_at_ns INTEGER NOT NULL
) STRICT;
