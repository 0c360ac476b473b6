package dev.millrace.gateway.record;

import dev.millrace.gateway.auth.Person;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.knowledge.KnowledgeRecord;
import dev.millrace.schemas.knowledge.KnowledgeRequest;
import dev.millrace.schemas.knowledge.RecordAction;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes what users ask for as an event, and waits until the app that owns the tables says what
 * became of it.
 */
final class RecordWriter {

  private final EventSink sink;
  private final Replies<KnowledgeRecord> replies;
  private final Duration timeout;

  /**
   * @param timeout how long a request waits before the answer is 202
   */
  RecordWriter(EventSink sink, Replies<KnowledgeRecord> replies, Duration timeout) {
    this.sink = sink;
    this.replies = replies;
    this.timeout = timeout;
  }

  /**
   * Keeps a record.
   *
   * @return 201 if it is new, 200 if it was there, 202 if nobody has done it yet
   */
  Answer put(Call call, Person person, RecordCollection collection, String id, JsonNode data)
      throws InterruptedException {
    return write(call, person, collection, id, RecordAction.PUT, data.toString());
  }

  /** Removes a record. */
  Answer remove(Call call, Person person, RecordCollection collection, String id)
      throws InterruptedException {
    return write(call, person, collection, id, RecordAction.REMOVE, null);
  }

  private Answer write(
      Call call,
      Person person,
      RecordCollection collection,
      String id,
      RecordAction action,
      @Nullable String data)
      throws InterruptedException {
    EventContext context = call.event(EventId.random());
    String requestId = context.id().value();
    KnowledgeRequest request =
        KnowledgeRequest.newBuilder()
            .setRequestId(requestId)
            .setRecordId(id)
            .setKind(collection.kind())
            .setAction(action)
            .setUserId(person.userId())
            .setTenant(person.tenant())
            .setData(data)
            .setRequestedBy(call.client())
            .setRequestedAt(context.time())
            .build();
    try (Replies<KnowledgeRecord>.Pending reply = replies.expect(requestId)) {
      Acknowledgement.await(
          sink.publish(Topics.KNOWLEDGE_REQUESTS, person.userId(), request, context));
      Optional<KnowledgeRecord> result = reply.await(timeout);
      return result.isPresent() ? answer(result.get()) : pending(id);
    }
  }

  private static Answer pending(String id) {
    return Answer.json(
        202, Json.object().put("success", true).put("status", "pending").put("id", id));
  }

  private static Answer answer(KnowledgeRecord result) {
    return switch (result.getOutcome()) {
      case CREATED -> Answer.json(201, Objects.requireNonNullElse(result.getData(), "{}"));
      case CHANGED -> Answer.json(200, Objects.requireNonNullElse(result.getData(), "{}"));
      case REMOVED ->
          Answer.ok(
              Json.object()
                  .put("success", true)
                  .put("id", result.getRecordId())
                  .put("status", "removed"));
      case REFUSED -> throw refusal(result);
      case UNKNOWN -> pending(result.getRecordId());
    };
  }

  private static ProblemException refusal(KnowledgeRecord result) {
    String reason = Objects.requireNonNullElse(result.getReason(), "it was refused");
    String field = result.getField();
    return switch (Objects.requireNonNullElse(result.getCode(), "")) {
      case "not_found" -> ProblemException.notFound(reason);
      case "conflict" -> ProblemException.conflict(field == null ? reason : field + ": " + reason);
      default -> ProblemException.invalid(field == null ? "/" : "/" + field, reason);
    };
  }
}
