-- What is counted of each organisation, in steps of a minute that are rolled up to hours when they are a day old: so many
-- things (counted), and what they sum up to (total: bytes, microseconds). Consumers count what they store, in the same
-- transaction; gateways add what only they know.
CREATE TABLE statistics (
    org_id BLOB NOT NULL,
    measure INTEGER NOT NULL, -- what is counted: the store's code has the numbers
    at_s INTEGER NOT NULL, -- where the step begins, in seconds since the Unix epoch
    step_s INTEGER NOT NULL, -- 60 or 3600
    label TEXT NOT NULL,
    counted INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (org_id, measure, at_s, step_s, label)
) STRICT, WITHOUT ROWID;

-- For rolling up and forgetting, whosever it is.
CREATE INDEX statistics_by_time ON statistics (step_s, at_s);

-- One topic's share (messages, refused messages) of thirty days, without those of the others.
CREATE INDEX statistics_by_topic ON statistics (org_id, label, at_s) WHERE measure IN (8, 9);

-- The last write of each gateway's process that arrived: the same write sent again is known by its number.
CREATE TABLE statistics_writers (
    writer TEXT NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL,
    written_at_ns INTEGER NOT NULL
) STRICT;
