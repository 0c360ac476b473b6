package dev.millrace.gateway.learning;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.learning.LearningSignal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes the signals that signal agents push. */
public final class SignalIntake {

  private final Access access;
  private final BodyReader schema;
  private final EventSink sink;

  public SignalIntake(Access access, Bodies bodies, EventSink sink) {
    this.access = access;
    this.schema = bodies.of("LearningSignal");
    this.sink = sink;
  }

  public List<Route> routes() {
    return List.of(Route.post("/api/learning/signals", this::handle));
  }

  private Answer handle(Call call) throws InterruptedException {
    access.client(call);
    Body body = schema.read(call);
    EventContext context = call.event(EventId.random());
    Instant observedAt = Optional.ofNullable(body.instant("observed_at")).orElse(context.time());
    LearningSignal signal =
        LearningSignal.newBuilder()
            .setUserId(body.text("user_id"))
            .setAgent(body.text("agent"))
            .setData(body.json("data"))
            .setEtag(body.textOrNull("etag"))
            .setOk(body.bool("ok", true))
            .setError(body.textOrNull("error"))
            .setCode(body.textOrNull("code"))
            .setRequestId(body.textOrNull("request_id"))
            .setIntentId(body.textOrNull("intent_id"))
            .setObservedAt(observedAt)
            .build();
    Acknowledgement.await(
        sink.publish(Topics.LEARNING_SIGNALS, signal.getUserId(), signal, context));
    return Answer.ok(Json.object().put("success", true).put("event_id", context.id().value()));
  }
}
