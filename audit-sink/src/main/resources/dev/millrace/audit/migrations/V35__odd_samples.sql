-- One sample with a time in the year 57850, or written with a schema of somebody's own, made every
-- question about metrics fail: what is no such value is null, or the record's timestamp.
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
       CASE
         WHEN payload->>'observed_at' ~ '^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$'
           OR payload->>'observed_at' ~ '^[1-9]\d{3}-(0[13-9]|1[0-2])-30T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$'
           OR payload->>'observed_at' ~ '^[1-9]\d{3}-(0[13578]|1[02])-31T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$'
           THEN (payload->>'observed_at')::timestamptz
         ELSE "timestamp"
       END AS observed_at,
       "timestamp" AS recorded_at,
       source,
       trace_id
  FROM audit.records
 WHERE topic = 'health.metrics'
   AND payload IS NOT NULL;
