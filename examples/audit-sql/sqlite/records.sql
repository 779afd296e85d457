-- Every record as the gateway wrote it, one on each line: for prove.py.
SELECT record FROM aibbar_events ORDER BY event_id;
