-- One sample whose time is a 29th of February that there is not, made every question about metrics
-- fail. Postgres itself says which times there are, and in silence which there are not.
CREATE OR REPLACE VIEW public.health_metrics AS
SELECT payload->>'project' AS project,
       payload->>'name' AS metric,
       CASE
         WHEN jsonb_typeof(payload->'value') = 'number'
           AND abs((payload->'value')::numeric) <= 1e100
           THEN (payload->'value')::double precision
         WHEN payload->>'value' IN ('NaN', 'Infinity', '-Infinity')
           THEN (payload->>'value')::double precision
       END AS value,
       payload->>'unit' AS unit,
       payload->'labels' AS labels,
       CASE WHEN jsonb_typeof(payload->'synthetic') = 'boolean'
         THEN (payload->'synthetic')::boolean
       END AS synthetic,
       coalesce(
         (jsonb_path_query_first(
            payload,
            '$.observed_at ? (@ like_regex "^[1-9][0-9]{3}-").datetime("YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"")',
            silent => true) #>> '{}')::timestamp AT TIME ZONE 'UTC',
         (jsonb_path_query_first(
            payload,
            '$.observed_at ? (@ like_regex "^[1-9][0-9]{3}-").datetime("YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"")',
            silent => true) #>> '{}')::timestamp AT TIME ZONE 'UTC',
         "timestamp") AS observed_at,
       "timestamp" AS recorded_at,
       source,
       trace_id
  FROM audit.records
 WHERE topic = 'health.metrics'
   AND payload IS NOT NULL;
