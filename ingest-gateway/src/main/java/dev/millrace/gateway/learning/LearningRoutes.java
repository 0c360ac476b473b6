package dev.millrace.gateway.learning;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.UserId;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.learning.PlanStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The learning loop: what to learn, the plan of a day, its completion, and where a learner stands.
 */
public final class LearningRoutes {

  /** The endpoints answer under each of these. */
  private static final List<String> PREFIXES =
      List.of("/orchestrator", "/api/orchestrator", "/functions/v1/orchestrator");

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Access access;
  private final EventSink sink;
  private final Replies<LearningPlan> plans;
  private final Replies<LearningStatus> statuses;
  private final LatestStatuses latest;
  private final LearningConfig config;
  private final Clock clock;
  private final BodyReader intentSchema;
  private final BodyReader planSchema;
  private final BodyReader completionSchema;

  public LearningRoutes(
      Access access,
      Bodies bodies,
      EventSink sink,
      Replies<LearningPlan> plans,
      Replies<LearningStatus> statuses,
      LatestStatuses latest,
      LearningConfig config,
      Clock clock) {
    this.access = access;
    this.sink = sink;
    this.plans = plans;
    this.statuses = statuses;
    this.latest = latest;
    this.config = config;
    this.clock = clock;
    this.intentSchema = bodies.of("LearningIntent");
    this.planSchema = bodies.of("LearningPlanRequest");
    this.completionSchema = bodies.of("LearningCompletion");
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String prefix : PREFIXES) {
      routes.add(Route.post(prefix + "/intent.sync", logged("intent.sync", this::syncIntent)));
      routes.add(Route.post(prefix + "/day.run", logged("day.run", this::runDay)));
      routes.add(Route.post(prefix + "/day.done", logged("day.done", this::finishDay)));
      routes.add(Route.get(prefix + "/status", logged("status", this::status)));
      // Clients of functions post unless they are told otherwise.
      routes.add(Route.post(prefix + "/status", logged("status", this::status)));
    }
    return routes;
  }

  /** What a learner's call does once it is known whose it is. */
  @FunctionalInterface
  private interface LearnerEndpoint {
    Answer handle(Call call, UserId user) throws InterruptedException;
  }

  private Endpoint logged(String function, LearnerEndpoint endpoint) {
    return call -> {
      long start = System.nanoTime();
      call.logAlways();
      call.log("function", function);
      try {
        UserId user = access.learner(call);
        call.log("user_id", user.value());
        return endpoint.handle(call, user);
      } finally {
        call.log("execution_time_ms", (System.nanoTime() - start) / 1_000_000);
      }
    };
  }

  private Answer syncIntent(Call call, UserId user) throws InterruptedException {
    Body body = intentSchema.read(call);
    EventContext context = call.event(EventId.random());
    LearningIntent intent = intent(body, user, context);
    try (Replies<LearningStatus>.Pending reply = statuses.expect(context.id().value())) {
      Acknowledgement.await(sink.publish(Topics.LEARNING_INTENTS, user.value(), intent, context));
      // The intent is durable: the answer waits only so that a plan asked for next will see it.
      Instant createdAt =
          reply
              .await(config.timeout())
              .map(LearningStatus::getActiveIntent)
              .filter(active -> active.getIntentId().equals(intent.getIntentId()))
              .map(LearningIntent::getCreatedAt)
              .orElse(context.time());
      return Answer.ok(PlanView.synced(intent, createdAt));
    }
  }

  private static LearningIntent intent(Body body, UserId user, EventContext context) {
    String zone = body.optionalText("user_tz").orElse("UTC");
    // Java takes offsets such as +05:45 too, which Postgres reads with the opposite sign.
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(zone)) {
      throw ProblemException.invalid(
          "/user_tz", "expected an IANA time zone such as America/New_York");
    }
    return LearningIntent.newBuilder()
        .setIntentId(intentId(user, body.text("topic")))
        .setUserId(user.value())
        .setTopic(body.text("topic"))
        .setDepth(body.text("depth"))
        .setEndGoal(body.text("end_goal"))
        .setTimePerDayMin(body.integer("time_per_day_min"))
        .setUserTz(zone)
        .setMeta(body.texts("meta"))
        .setRequestId(context.id().value())
        .setCreatedAt(context.time())
        .build();
  }

  /** Always the same for a learner and a topic, so that an intent told again stays the same. */
  private static String intentId(UserId user, String topic) {
    return new EventId(user.value())
        .derive("intent/" + topic.strip().toLowerCase(Locale.ROOT))
        .value();
  }

  private Answer runDay(Call call, UserId user) throws InterruptedException {
    Body body = planSchema.read(call);
    EventContext context = call.event(EventId.random());
    String requestId = context.id().value();
    LearningPlanRequest request =
        LearningPlanRequest.newBuilder()
            .setRequestId(requestId)
            .setUserId(user.value())
            .setWeek(body.integer("week"))
            .setDay(body.integer("day"))
            .setForceRefresh(body.bool("force_refresh", false))
            .setRequestedAt(context.time())
            .build();
    try (Replies<LearningPlan>.Pending reply = plans.expect(requestId)) {
      Acknowledgement.await(
          sink.publish(Topics.LEARNING_PLAN_REQUESTS, user.value(), request, context));
      LearningPlan plan =
          reply.await(config.planTimeout()).orElseThrow(() -> noReply(config.planTimeout()));
      if (plan.getStatus() == PlanStatus.NO_ACTIVE_INTENT) {
        throw ProblemException.conflict("there is no active learning intent; sync one first");
      }
      call.log("cache_hits", plan.getCacheHits());
      call.log("cache_misses", plan.getCacheMisses());
      call.log("degraded_mode", plan.getDegradedMode());
      return Answer.ok(PlanView.of(plan));
    }
  }

  private Answer finishDay(Call call, UserId user) throws InterruptedException {
    Body body = completionSchema.read(call);
    EventContext context = call.event(EventId.random());
    String requestId = context.id().value();
    Instant completedAt = context.time();
    LearningCompletion completion =
        LearningCompletion.newBuilder()
            .setSessionId(body.text("session_id"))
            .setUserId(user.value())
            .setCompletionTimeMin(body.integer("completion_time_min"))
            .setConfidence(body.integer("confidence"))
            .setNotes(body.textOrNull("notes"))
            .setRequestId(requestId)
            .setCompletedAt(completedAt)
            .build();
    try (Replies<LearningStatus>.Pending reply = statuses.expect(requestId)) {
      Acknowledgement.await(
          sink.publish(Topics.LEARNING_COMPLETIONS, user.value(), completion, context));
      LearningStatus status =
          reply.await(config.timeout()).orElseThrow(() -> noReply(config.timeout()));
      if (status.getOutcome() == LearningOutcome.SESSION_NOT_FOUND) {
        throw ProblemException.notFound("there is no session " + completion.getSessionId());
      }
      return Answer.ok(PlanView.completed(completion, status, completedAt));
    }
  }

  private Answer status(Call call, UserId user) {
    return Answer.ok(StatusView.of(user, latest.find(user), clock.instant()));
  }

  private static ProblemException noReply(Duration timeout) {
    return ProblemException.unavailable(
        "the planner did not answer within %d s; the request is on record, and may be sent again"
            .formatted(timeout.toSeconds()),
        RETRY_AFTER);
  }
}
