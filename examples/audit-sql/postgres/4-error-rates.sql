-- How often does it go wrong? Errors of each AI system for each hundred queries, and the code that came most.
SELECT
    ai_id,
    count(*) FILTER (WHERE event_type = 4) AS queries,
    count(*) FILTER (WHERE event_type = 3) AS errors,
    round(100.0 * count(*) FILTER (WHERE event_type = 3) / nullif(count(*) FILTER (WHERE event_type = 4), 0), 1)
        AS errors_per_100_queries,
    mode() WITHIN GROUP (ORDER BY record::json #>> '{event,error,code}') FILTER (WHERE event_type = 3) AS most_often
FROM aibbar_events
GROUP BY org_id, ai_id
ORDER BY errors_per_100_queries DESC NULLS LAST;
