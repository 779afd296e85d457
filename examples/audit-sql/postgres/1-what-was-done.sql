-- What did our AI do, and who answers for it? Each AI system's events by type, from when until when.
SELECT
    e.ai_id,
    coalesce(s.name, '(not registered)') AS ai_system,
    s.owner,
    e.record::json #>> '{event,event_type}' AS event_type,
    count(*) AS events,
    date_trunc('second', to_timestamp(min(e.timestamp_ns) / 1e9) AT TIME ZONE 'UTC') AS first_utc,
    date_trunc('second', to_timestamp(max(e.timestamp_ns) / 1e9) AT TIME ZONE 'UTC') AS last_utc
FROM aibbar_events e
LEFT JOIN ai_systems s ON s.org_id = e.org_id AND s.ai_id = e.ai_id
GROUP BY e.org_id, e.ai_id, s.name, s.owner, e.record::json #>> '{event,event_type}'
ORDER BY e.ai_id, event_type;
