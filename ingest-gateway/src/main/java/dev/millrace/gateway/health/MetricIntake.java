package dev.millrace.gateway.health;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.runtime.metric.MetricSeries;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Takes samples of metrics, and makes up anomalies to try the repairs with. */
public final class MetricIntake {

  /** How far the clock of whoever measures may be ahead; the analyzer refuses what is beyond. */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

  private final Access access;
  private final Bodies bodies;
  private final BodySchema sampleSchema;
  private final BodySchema samplesSchema;
  private final BodyReader anomalySchema;
  private final EventSink sink;
  private final Clock clock;

  /**
   * What a made-up anomaly looks like.
   *
   * @param metric metric that shows it
   * @param value what is found
   * @param threshold what is allowed
   */
  private record Symptom(String metric, double value, double threshold) {

    static Symptom of(String type) {
      return switch (type) {
        case "high_memory" -> new Symptom("memory_percent", 96, 90);
        case "high_cpu" -> new Symptom("cpu_percent", 97, 90);
        case "high_error" -> new Symptom("error_rate_percent", 25, 5);
        default -> throw new IllegalArgumentException("the schema lets no " + type + " through");
      };
    }
  }

  public MetricIntake(Access access, Bodies bodies, EventSink sink, Clock clock) {
    this.access = access;
    this.bodies = bodies;
    this.sampleSchema = new BodySchema(bodies.document(), "MetricSample");
    this.samplesSchema = new BodySchema(bodies.document(), "MetricSamples");
    this.anomalySchema = bodies.of("TestAnomaly");
    this.sink = sink;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/metrics", this::samples), Route.post("/api/test/anomaly", this::anomaly));
  }

  private Answer samples(Call call) throws InterruptedException {
    access.client(call);
    JsonNode node = BodySchema.parse(bodies.bytes(call));
    List<Body> samples = new ArrayList<>();
    if (node.isArray()) {
      samplesSchema.check(node);
      node.forEach(sample -> samples.add(new Body(sample)));
    } else {
      samples.add(sampleSchema.check(node));
    }
    List<HealthMetric> metrics = new ArrayList<>();
    Instant latest = clock.instant().plus(MAX_CLOCK_SKEW);
    for (int i = 0; i < samples.size(); i++) {
      HealthMetric metric = metric(samples.get(i));
      require(metric, node.isArray() ? "/" + i : "", latest);
      metrics.add(metric);
    }
    List<CompletableFuture<?>> written = new ArrayList<>();
    for (HealthMetric metric : metrics) {
      EventContext context = call.event(EventId.random());
      written.add(sink.publish(Topics.HEALTH_METRICS, metric.getProject(), metric, context));
    }
    Acknowledgement.await(written.toArray(CompletableFuture<?>[]::new));
    return Answer.ok(Json.object().put("success", true).put("accepted", metrics.size()));
  }

  /** What the analyzer would refuse, when nobody waits for an answer any more. */
  private static void require(HealthMetric metric, String place, Instant latest) {
    if (metric.getObservedAt() != null && metric.getObservedAt().isAfter(latest)) {
      throw ProblemException.invalid(
          place + "/observedAt", "expected a time that has come, found " + metric.getObservedAt());
    }
    MetricSeries.refusalOf(metric.getName(), metric.getLabels())
        .ifPresent(reason -> {
          throw ProblemException.invalid(place + "/labels", reason);
        });
  }

  private static HealthMetric metric(Body sample) {
    String project = sample.optionalText("project").orElseGet(() -> sample.text("projectName"));
    return HealthMetric.newBuilder()
        .setProject(project)
        .setName(sample.text("name"))
        .setValue(sample.decimal("value"))
        .setUnit(sample.textOrNull("unit"))
        .setLabels(sample.texts("labels"))
        .setObservedAt(sample.instant("observedAt"))
        .build();
  }

  private Answer anomaly(Call call) throws InterruptedException {
    String client = access.operator(call);
    Body body = anomalySchema.read(call);
    String project = body.text("projectName");
    String type = body.text("type");
    Symptom symptom = Symptom.of(type);
    EventContext context = call.event(EventId.random());
    HealthAnomaly anomaly =
        HealthAnomaly.newBuilder()
            .setAnomalyId(context.id().value())
            .setProject(project)
            .setType(type)
            .setSeverity(Severity.CRITICAL)
            .setMetric(symptom.metric())
            .setValue(symptom.value())
            .setThreshold(symptom.threshold())
            .setEvidence(Json.object().put("requested_by", client).toString())
            .setSynthetic(true)
            .setDetectedAt(context.time())
            .build();
    Acknowledgement.await(sink.publish(Topics.HEALTH_ANOMALIES, project, anomaly, context));
    return Answer.ok(
        Json.object()
            .put("success", true)
            .put("anomaly_id", anomaly.getAnomalyId())
            .put("projectName", project)
            .put("type", type));
  }
}
