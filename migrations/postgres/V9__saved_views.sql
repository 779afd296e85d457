-- What people look at again and again, under a name. A view leaves with its member.
CREATE TABLE saved_views (
    id uuid NOT NULL PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations (id),
    owner_id uuid NOT NULL,
    name text NOT NULL,
    page text COLLATE "C" NOT NULL, -- of the dashboard
    query text NOT NULL, -- as a URL has it
    is_shared boolean NOT NULL, -- whether every member sees it
    created_at_ns bigint NOT NULL,
    updated_at_ns bigint NOT NULL,
    UNIQUE (org_id, owner_id, page, name),
    FOREIGN KEY (org_id, owner_id) REFERENCES members (org_id, user_id) ON DELETE CASCADE
);
CREATE INDEX saved_views_shared ON saved_views (org_id) WHERE is_shared;
