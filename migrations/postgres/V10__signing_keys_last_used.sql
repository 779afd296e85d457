-- When a version of a signing key last verified an event, give or take a minute: who rotates sees which is still in use.
ALTER TABLE signing_keys ADD COLUMN last_used_at_ns bigint;
