-- A log's file as the program before this layout wrote it: two topics, of which one has lost its first records to
-- retention, and a group that is half-way.
CREATE TABLE topics (
    topic_id     INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE,
    retention_ms INTEGER
) STRICT;
CREATE TABLE lanes (
    lane      INTEGER PRIMARY KEY,
    topic_id  INTEGER NOT NULL REFERENCES topics,
    partition INTEGER NOT NULL,
    earliest  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic_id, partition)
) STRICT;
CREATE TABLE records (
    id             INTEGER PRIMARY KEY,
    appended_at_ms INTEGER NOT NULL,
    key            BLOB    NOT NULL,
    headers        BLOB    NOT NULL,
    payload        BLOB    NOT NULL
) STRICT;
CREATE TABLE positions (
    topic_id    INTEGER NOT NULL REFERENCES topics,
    group_name  TEXT    NOT NULL,
    partition   INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (topic_id, group_name, partition)
) STRICT, WITHOUT ROWID;
CREATE TABLE probe (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at_ms INTEGER NOT NULL
) STRICT;
PRAGMA user_version = 1;

INSERT INTO topics VALUES (1, 'aibbar.events', 2592000000), (2, 'other', NULL);
INSERT INTO lanes VALUES (1, 1, 0, 2), (2, 1, 1, 0), (3, 2, 0, 0);
INSERT INTO records VALUES
    ((1 << 40) + 2, 4102444800000, x'6b', x'', CAST('a' AS BLOB)),
    ((1 << 40) + 3, 4102444800001, x'6b', x'040000006e616d650500000076616c7565', CAST('bb' AS BLOB)),
    ((3 << 40) + 0, 4102444800002, x'6b6b', x'', CAST('c' AS BLOB));
INSERT INTO positions VALUES (1, 'store', 0, 3);
