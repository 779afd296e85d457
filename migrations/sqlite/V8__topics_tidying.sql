-- What the log has still to be told of topics, and who is telling it.
ALTER TABLE topics ADD COLUMN is_applied INTEGER NOT NULL DEFAULT 0; -- whether the log has it as it is here
ALTER TABLE topics ADD COLUMN held_until_ns INTEGER NOT NULL DEFAULT 0; -- until then somebody works on it in the log
UPDATE topics SET is_applied = is_made;
CREATE INDEX topics_unfinished ON topics (id) WHERE is_deleted OR NOT is_applied;
