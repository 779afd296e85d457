-- On whose orders? Each session's user, the API key that brought it and who made that key, and what was decided.
SELECT
    e.session_id,
    max(e.record::json #>> '{event,metadata,user_id}') AS for_user,
    string_agg(DISTINCT k.name, ', ') AS api_keys,
    string_agg(DISTINCT k.made_by, ', ') AS keys_made_by,
    string_agg(DISTINCT e.record::json #>> '{record,key_id}', ', ') AS signing_keys,
    count(*) AS events,
    string_agg(e.record::json #>> '{event,decision,chosen}', ', ' ORDER BY e.timestamp_ns) AS decided
FROM aibbar_events e
LEFT JOIN api_keys k ON k.org_id = e.org_id AND k.id = (e.record::json #>> '{record,api_key_id}')::uuid
GROUP BY e.org_id, e.session_id
ORDER BY min(e.timestamp_ns);
