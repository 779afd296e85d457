-- What is missing? A recorder numbers its events from 0; each run of it begins anew. So no number can have come more often
-- than a smaller one of the same AI system: where it has, or where a number never came, events are missing.
-- What is missing at the very end of a run shows nowhere.
WITH counted AS (
    SELECT org_id, ai_id, sequence, count(*) AS came
    FROM aibbar_events
    WHERE sequence IS NOT NULL
    GROUP BY org_id, ai_id, sequence
),
compared AS (
    SELECT
        *,
        lag(sequence, 1, -1) OVER numbers AS before,
        max(came) OVER (numbers ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS runs
    FROM counted
    WINDOW numbers AS (PARTITION BY org_id, ai_id ORDER BY sequence)
),
gaps AS (
    SELECT org_id, ai_id, before + 1 AS from_sequence, sequence - 1 AS to_sequence, runs AS in_runs
    FROM compared
    WHERE sequence > before + 1
    UNION ALL
    SELECT org_id, ai_id, sequence, sequence, runs - came
    FROM compared
    WHERE runs > came
)
SELECT
    ai_id,
    from_sequence,
    to_sequence,
    in_runs,
    (to_sequence - from_sequence + 1) * in_runs AS events_missing
FROM gaps
ORDER BY ai_id, from_sequence;
