-- Which decisions had no query before them, of the same AI system in the same session?
SELECT
    date_trunc('second', to_timestamp(d.timestamp_ns / 1e9) AT TIME ZONE 'UTC') AS at_utc,
    d.ai_id,
    d.session_id,
    d.record::json #>> '{event,metadata,user_id}' AS for_user,
    d.record::json #>> '{event,decision,type}' AS decision,
    d.record::json #>> '{event,decision,chosen}' AS chosen
FROM aibbar_events d
WHERE d.event_type = 2 -- ai.decision
    AND NOT EXISTS (
        SELECT 1
        FROM aibbar_events q
        WHERE q.org_id = d.org_id
            AND q.ai_id = d.ai_id
            AND left(q.session_id, 128) = left(d.session_id, 128) -- as the index has it
            AND q.session_id = d.session_id
            AND q.event_type = 4 -- ai.query
            AND q.timestamp_ns <= d.timestamp_ns
    )
ORDER BY d.timestamp_ns;
