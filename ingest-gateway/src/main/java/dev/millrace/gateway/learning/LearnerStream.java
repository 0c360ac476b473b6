package dev.millrace.gateway.learning;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.UserId;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Reply;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.stream.LiveEvent;
import dev.millrace.gateway.stream.LiveEvents;
import dev.millrace.schemas.event.EventNames;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.PlanStatus;
import java.time.Duration;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What happens to a learner, live, as server-sent events: each learner sees the own ones. */
public final class LearnerStream {

  private static final String CHANNEL = "wisely.events";

  /** Streams of one learner: browsers and tabs, and not all that there are. */
  private static final int MAX_STREAMS = 8;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private final Access access;
  private final LiveEvents events;

  /**
   * @param events clients that follow, by the ids of the learners
   */
  public LearnerStream(Access access, LiveEvents events) {
    this.access = access;
    this.events = events;
  }

  public Route route() {
    return Route.get("/api/learning/events", this::follow);
  }

  /** A plan came on its topic. */
  public void saw(LearningPlan plan) {
    if (plan.getStatus() == PlanStatus.PLANNED && events.isWatched()) {
      events.publish(
          LiveEvent.named(
              plan.getUserId(), EventNames.INSTRUCTOR_PLAN_CREATED, message(plan).toString()));
    }
  }

  private Reply follow(Call call) {
    UserId user = access.learner(call);
    if (events.followers(user.value()) >= MAX_STREAMS) {
      throw ProblemException.tooManyRequests(
          "expected at most " + MAX_STREAMS + " streams of a learner", RETRY_AFTER);
    }
    LiveEvents.Client client = events.connect(Set.of(user.value()));
    return Reply.Stream.ofEvents(client::write, client::disconnect);
  }

  /**
   * No user id and no text of the plan: whoever gets it knows the one and can ask for the other.
   */
  private static ObjectNode message(LearningPlan plan) {
    ObjectNode message =
        Json.object().put("channel", CHANNEL).put("event", EventNames.INSTRUCTOR_PLAN_CREATED);
    message
        .putObject("payload")
        .put("session_id", plan.getSessionId())
        .put("intent_id", plan.getIntentId())
        .put("week", plan.getWeek())
        .put("day", plan.getDay())
        .put("topic", plan.getTopic())
        .put("plan_title", plan.getTitle())
        .put("degraded_mode", plan.getDegradedMode())
        .put("cache_hits", plan.getCacheHits())
        .put("cache_misses", plan.getCacheMisses())
        .put("created_at", plan.getCreatedAt().toString());
    return message;
  }
}
