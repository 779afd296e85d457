-- What was hidden, and where? Of these events the store alone can prove nothing: their senders' copies can (prove.py).
SELECT
    hidden ->> 'kind' AS kind,
    hidden ->> 'pointer' AS place,
    count(*) AS times,
    count(DISTINCT e.event_id) AS events
FROM aibbar_events e, json_array_elements(e.record::json #> '{record,redactions}') AS hidden
GROUP BY kind, place
ORDER BY times DESC, kind, place;
