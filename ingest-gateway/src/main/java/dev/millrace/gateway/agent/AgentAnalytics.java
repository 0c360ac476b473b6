package dev.millrace.gateway.agent;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.ReadModels;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Statistics over the runs of a number of days. */
public final class AgentAnalytics {

  private static final int DEFAULT_DAYS = 7;
  private static final int MAX_DAYS = 365;

  private static final String TOTALS =
      """
      SELECT count(*) AS total,
             count(*) FILTER (WHERE status IN ('starting', 'running')) AS active,
             count(*) FILTER (WHERE status = 'completed') AS completed,
             count(*) FILTER (WHERE status = 'failed') AS failed,
             count(*) FILTER (WHERE status = 'timeout') AS timed_out,
             count(*) FILTER (WHERE status = 'killed') AS killed,
             round(avg(extract(epoch FROM completed_at - started_at))::numeric, 3)
               AS average_duration_seconds,
             round(count(*) FILTER (WHERE status = 'completed')::numeric
                   / nullif(count(*) FILTER (WHERE completed_at IS NOT NULL), 0), 4)
               AS success_rate
        FROM public.agents
       WHERE coalesce(started_at, now()) > now() - make_interval(days => :days)
      """;

  private static final String BY_TYPE =
      """
      SELECT agent_type, count(*) AS total,
             count(*) FILTER (WHERE status = 'completed') AS completed,
             count(*) FILTER (WHERE status IN ('failed', 'timeout', 'killed')) AS failed,
             round(avg(extract(epoch FROM completed_at - started_at))::numeric, 3)
               AS average_duration_seconds
        FROM public.agents
       WHERE coalesce(started_at, now()) > now() - make_interval(days => :days)
       GROUP BY agent_type ORDER BY agent_type
      """;

  private static final String USAGE =
      """
      SELECT agent, provider, model, count(*) AS api_calls, sum(input_tokens) AS input_tokens,
             sum(output_tokens) AS output_tokens, sum(cache_read_tokens) AS cache_read_tokens,
             sum("costDollars") AS cost_dollars, avg("cacheHitRate") AS cache_hit_rate
        FROM public.cost_tracking
       WHERE "createdAt" > now() - make_interval(days => :days)
       GROUP BY agent, provider, model ORDER BY agent, provider, model
      """;

  private final Access access;
  private final ReadModels reads;

  public AgentAnalytics(Access access, ReadModels reads) {
    this.access = access;
    this.reads = reads;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/agents/analytics", this::analytics));
  }

  private Answer analytics(Call call) {
    access.operator(call);
    int days = call.queryInteger("days", DEFAULT_DAYS, 1, MAX_DAYS);
    Map<String, Integer> bindings = Map.of("days", days);
    ObjectNode body = Json.object().put("days", days);
    reads.rows(TOTALS, bindings).forEach(body::setAll);
    body.putArray("by_type").addAll(reads.rows(BY_TYPE, bindings));
    body.putArray("usage").addAll(reads.rows(USAGE, bindings));
    return Answer.ok(body);
  }
}
