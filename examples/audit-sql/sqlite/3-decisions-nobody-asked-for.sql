-- Which decisions had no query before them, of the same AI system in the same session?
SELECT
    strftime('%Y-%m-%d %H:%M:%S', d.timestamp_ns / 1000000000, 'unixepoch') AS at_utc,
    d.record ->> '$.event.ai_id' AS ai_id,
    d.session_id,
    d.record ->> '$.event.metadata.user_id' AS for_user,
    d.record ->> '$.event.decision.type' AS decision,
    d.record ->> '$.event.decision.chosen' AS chosen
FROM aibbar_events d
WHERE d.event_type = 2 -- ai.decision
    AND NOT EXISTS (
        SELECT 1
        FROM aibbar_events q
        WHERE q.org_id = d.org_id
            AND q.ai_id = d.ai_id
            AND q.session_id = d.session_id
            AND q.event_type = 4 -- ai.query
            AND q.timestamp_ns <= d.timestamp_ns
    )
ORDER BY d.timestamp_ns;
