-- What was hidden, and where? Of these events the store alone can prove nothing: their senders' copies can (prove.py).
SELECT
    hidden.value ->> '$.kind' AS kind,
    hidden.value ->> '$.pointer' AS place,
    count(*) AS times,
    count(DISTINCT e.event_id) AS events
FROM aibbar_events e, json_each(e.record, '$.record.redactions') AS hidden
GROUP BY kind, place
ORDER BY times DESC, kind, place;
