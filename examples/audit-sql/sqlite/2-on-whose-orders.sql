-- On whose orders? Each session's user, the API key that brought it and who made that key, and what was decided.
SELECT
    e.session_id,
    max(e.record ->> '$.event.metadata.user_id') AS for_user,
    group_concat(DISTINCT k.name) AS api_keys,
    group_concat(DISTINCT k.made_by) AS keys_made_by,
    group_concat(DISTINCT e.record ->> '$.record.key_id') AS signing_keys,
    count(*) AS events,
    group_concat(e.record ->> '$.event.decision.chosen', ', ') AS decided
FROM aibbar_events e
LEFT JOIN api_keys k
    ON k.org_id = e.org_id
    AND lower(hex(k.id)) = replace(e.record ->> '$.record.api_key_id', '-', '')
GROUP BY e.org_id, e.session_id
ORDER BY min(e.timestamp_ns);
