-- What people look at again and again, under a name. A view leaves with its member.
CREATE TABLE saved_views (
    id BLOB NOT NULL PRIMARY KEY,
    org_id BLOB NOT NULL REFERENCES organisations (id),
    owner_id BLOB NOT NULL,
    name TEXT NOT NULL,
    page TEXT NOT NULL, -- of the dashboard
    query TEXT NOT NULL, -- as a URL has it
    is_shared INTEGER NOT NULL, -- whether every member sees it
    created_at_ns INTEGER NOT NULL,
    updated_at_ns INTEGER NOT NULL,
    UNIQUE (org_id, owner_id, page, name),
    FOREIGN KEY (org_id, owner_id) REFERENCES members (org_id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX saved_views_shared ON saved_views (org_id) WHERE is_shared;
