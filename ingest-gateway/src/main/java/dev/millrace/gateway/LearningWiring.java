package dev.millrace.gateway;

import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.learning.LatestStatuses;
import dev.millrace.gateway.learning.LearnerStream;
import dev.millrace.gateway.learning.LearningRoutes;
import dev.millrace.gateway.learning.SignalIntake;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.gateway.stream.LiveEvents;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The learning loop: intents, plans and completions, where learners stand, and signals. */
final class LearningWiring {

  private final SharedParts shared;
  private final Replies<LearningPlan> plans = new Replies<>(Gateway.MAX_WAITING);
  private final Replies<LearningStatus> statuses = new Replies<>(Gateway.MAX_WAITING);
  private final LatestStatuses latest;
  private final LiveEvents events;
  private final LearnerStream stream;

  LearningWiring(SharedParts shared) {
    this.shared = shared;
    this.latest = new LatestStatuses(shared.ports().reads());
    this.events = new LiveEvents(shared.config().learnerStreams());
    this.stream = new LearnerStream(shared.access(), events);
  }

  /** A plan came on its topic. */
  void saw(LearningPlan plan) {
    plans.complete(plan.getRequestId(), plan);
    stream.saw(plan);
  }

  /** A status came on its topic. */
  void saw(LearningStatus status) {
    latest.saw(status);
    if (status.getRequestId() != null) {
      statuses.complete(status.getRequestId(), status);
    }
  }

  /** A learner wants to be forgotten. */
  void forget(String userId, Instant at) {
    latest.forget(userId, at);
  }

  void closeStreams() {
    events.close();
  }

  List<Route> routes() {
    Ports ports = shared.ports();
    LearningRoutes loop =
        new LearningRoutes(
            shared.access(),
            shared.bodies(),
            ports.sink(),
            plans,
            statuses,
            latest,
            shared.config().learning(),
            ports.clock());
    List<Route> routes = new ArrayList<>();
    routes.addAll(loop.routes());
    routes.add(stream.route());
    routes.addAll(new SignalIntake(shared.access(), shared.bodies(), ports.sink()).routes());
    return routes;
  }
}
