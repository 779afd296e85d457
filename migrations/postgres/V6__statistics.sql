-- What is counted of each organisation, in steps of a minute that are rolled up to hours when they are a day old: so many
-- things (counted), and what they sum up to (total: bytes, microseconds). Consumers count what they store, in the same
-- transaction; gateways add what only they know.
CREATE TABLE statistics (
    org_id uuid NOT NULL,
    measure bigint NOT NULL, -- what is counted: the store's code has the numbers
    at_s bigint NOT NULL, -- where the step begins, in seconds since the Unix epoch
    step_s bigint NOT NULL, -- 60 or 3600
    label text COLLATE "C" NOT NULL,
    counted bigint NOT NULL,
    total bigint NOT NULL,
    PRIMARY KEY (org_id, measure, at_s, step_s, label)
) WITH (fillfactor = 70);

-- For rolling up and forgetting, whosever it is.
CREATE INDEX statistics_by_time ON statistics (step_s, at_s);

-- One topic's share (messages, refused messages) of thirty days, without those of the others.
CREATE INDEX statistics_by_topic ON statistics (org_id, label, at_s) WHERE measure IN (8, 9);

-- The last write of each gateway's process that arrived: the same write sent again is known by its number.
CREATE TABLE statistics_writers (
    writer text COLLATE "C" NOT NULL PRIMARY KEY,
    sequence bigint NOT NULL,
    written_at_ns bigint NOT NULL
);
