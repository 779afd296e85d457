-- Who could speak, and who let them? Every change of keys, AI systems and people, from the audit trail, which nothing changes.
SELECT
    date_trunc('second', to_timestamp(at_ns / 1e9) AT TIME ZONE 'UTC') AS at_utc,
    actor_kind,
    actor_name,
    action,
    target_kind,
    target_id,
    result
FROM audit_entries
WHERE target_kind IN ('ai_system', 'api_key', 'signing_key', 'user')
ORDER BY at_ns, id;
