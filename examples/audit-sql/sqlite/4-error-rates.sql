-- How often does it go wrong? Errors of each AI system for each hundred queries, and the code that came most.
WITH counted AS (
    SELECT
        org_id,
        ai_id,
        count(*) FILTER (WHERE event_type = 4) AS queries,
        count(*) FILTER (WHERE event_type = 3) AS errors
    FROM aibbar_events
    GROUP BY org_id, ai_id
),
codes AS (
    SELECT
        org_id,
        ai_id,
        record ->> '$.event.error.code' AS code,
        row_number() OVER (PARTITION BY org_id, ai_id ORDER BY count(*) DESC, record ->> '$.event.error.code') AS place
    FROM aibbar_events
    WHERE event_type = 3
    GROUP BY org_id, ai_id, code
)
SELECT
    lower(substr(hex(c.ai_id), 1, 8) || '-' || substr(hex(c.ai_id), 9, 4) || '-' || substr(hex(c.ai_id), 13, 4)
        || '-' || substr(hex(c.ai_id), 17, 4) || '-' || substr(hex(c.ai_id), 21)) AS ai_id,
    c.queries,
    c.errors,
    round(100.0 * c.errors / nullif(c.queries, 0), 1) AS errors_per_100_queries,
    codes.code AS most_often
FROM counted c
LEFT JOIN codes ON codes.org_id = c.org_id AND codes.ai_id = c.ai_id AND codes.place = 1
ORDER BY errors_per_100_queries DESC;
