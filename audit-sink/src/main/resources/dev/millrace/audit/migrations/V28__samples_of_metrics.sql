-- The history of metrics as analysts ask for it. It is a view: samples come by the thousand, and
-- each of them is in the mirror already.
CREATE VIEW public.health_metrics AS
SELECT payload->>'project' AS project,
       payload->>'name' AS metric,
       (payload->>'value')::double precision AS value,
       payload->>'unit' AS unit,
       payload->'labels' AS labels,
       (payload->>'synthetic')::boolean AS synthetic,
       coalesce((payload->>'observed_at')::timestamptz, "timestamp") AS observed_at,
       "timestamp" AS recorded_at,
       source,
       trace_id
  FROM audit.records
 WHERE topic = 'health.metrics'
   AND payload IS NOT NULL;

COMMENT ON VIEW public.health_metrics IS 'Samples of metrics, one row a sample, for as long as audit.records has them; limit recorded_at, by which the mirror is divided into days.';
COMMENT ON COLUMN public.health_metrics.project IS 'The project.';
COMMENT ON COLUMN public.health_metrics.metric IS 'Metric, as its producer named it: cpu_percent, memory_percent, error_rate_percent, or another.';
COMMENT ON COLUMN public.health_metrics.value IS 'The sample.';
COMMENT ON COLUMN public.health_metrics.unit IS 'Unit of the sample, where it is known.';
COMMENT ON COLUMN public.health_metrics.labels IS 'What tells samples of one metric apart.';
COMMENT ON COLUMN public.health_metrics.synthetic IS 'Whether the sample was made up for a test.';
COMMENT ON COLUMN public.health_metrics.observed_at IS 'When it was measured.';
COMMENT ON COLUMN public.health_metrics.recorded_at IS 'Timestamp of its record.';
COMMENT ON COLUMN public.health_metrics.source IS 'Who wrote it: health-agents read it from the project, ingest-gateway was given it, or a producer of its own.';
COMMENT ON COLUMN public.health_metrics.trace_id IS 'Trace it is in.';

COMMENT ON COLUMN public.health_anomalies.type IS 'down, degraded, high_memory, high_cpu, high_error, trend, or another.';

GRANT SELECT ON public.health_metrics TO millrace_analyst;
