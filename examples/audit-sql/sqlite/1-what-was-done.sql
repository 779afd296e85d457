-- What did our AI do, and who answers for it? Each AI system's events by type, from when until when.
SELECT
    e.record ->> '$.event.ai_id' AS ai_id,
    coalesce(s.name, '(not registered)') AS ai_system,
    s.owner,
    e.record ->> '$.event.event_type' AS event_type,
    count(*) AS events,
    strftime('%Y-%m-%d %H:%M:%S', min(e.timestamp_ns) / 1000000000, 'unixepoch') AS first_utc,
    strftime('%Y-%m-%d %H:%M:%S', max(e.timestamp_ns) / 1000000000, 'unixepoch') AS last_utc
FROM aibbar_events e
LEFT JOIN ai_systems s ON s.org_id = e.org_id AND s.ai_id = e.ai_id
GROUP BY e.org_id, e.ai_id, e.event_type
ORDER BY ai_id, event_type;
