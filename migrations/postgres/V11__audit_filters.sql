-- What the trail is searched by: in a trail of millions of entries those of one actor, one target or one kind of action are
-- found without reading the others.
CREATE INDEX audit_entries_by_actor_id ON audit_entries (org_id, actor_id, id);
CREATE INDEX audit_entries_by_actor_name ON audit_entries (org_id, actor_name, id);
CREATE INDEX audit_entries_by_target ON audit_entries (org_id, target_id, id);
-- Compared as bytes, so that the actions of one noun (`api_key.`) stand together.
ALTER TABLE audit_entries ALTER COLUMN action TYPE text COLLATE "C";
CREATE INDEX audit_entries_by_action ON audit_entries (org_id, action, id);
