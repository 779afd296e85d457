-- The events in which nothing was hidden, to the character as they were sent: for `gapin verify`.
SELECT substr(record, event_at, event_chars)
FROM aibbar_events
WHERE json_array_length(record::json #> '{record,redactions}') = 0
ORDER BY event_id;
