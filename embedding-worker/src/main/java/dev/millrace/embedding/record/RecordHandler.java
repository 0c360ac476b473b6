package dev.millrace.embedding.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.embedding.consumer.EventHandler;
import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.embedding.record.RecordResult.Kept;
import dev.millrace.embedding.record.RecordResult.Refused;
import dev.millrace.embedding.record.RecordResult.Removed;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingRefusedException;
import dev.millrace.knowledge.embedding.EmbeddingUnavailableException;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.runtime.usage.CallCause;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.knowledge.KnowledgeRecord;
import dev.millrace.schemas.knowledge.KnowledgeRequest;
import dev.millrace.schemas.knowledge.RecordOutcome;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Does what users ask for, and says what became of it. The requests of a user are done in their
 * order.
 */
public final class RecordHandler implements EventHandler<KnowledgeRequest> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String app;
  private final PostgresRecords records;
  private final EmbeddingModel model;
  private final EventPublisher publisher;

  /**
   * @param model embeds texts of projects
   */
  public RecordHandler(String app, Jdbi jdbi, EmbeddingModel model, EventPublisher publisher) {
    this.app = app;
    this.records = new PostgresRecords(jdbi);
    this.model = model;
    this.publisher = publisher;
  }

  @Override
  public void handle(KnowledgeRequest request, EventContext context) throws InterruptedException {
    RecordResult result =
        CallCause.subject(context.trace(), request.getRecordId()).within(() -> done(request));
    publisher.publishAndWait(
        Topics.KNOWLEDGE_RECORDS,
        request.getRecordId(),
        said(request, result),
        context.derive(app, "knowledge-record"));
  }

  private RecordResult done(KnowledgeRequest request) {
    RecordTable table =
        RecordTable.of(request.getKind())
            .orElseThrow(() ->
                new WorkRejectedException(
                    "kind: expected one that this version knows, found " + request.getKind()));
    if (!isUuid(request.getRecordId())) {
      throw new WorkRejectedException(
          "record_id: expected a UUID, found '%s'".formatted(request.getRecordId()));
    }
    return switch (request.getAction()) {
      case PUT -> put(table, request);
      case REMOVE -> records.remove(table, request);
      case UNKNOWN ->
          throw new WorkRejectedException("action: expected PUT or REMOVE, found an unknown one");
    };
  }

  private RecordResult put(RecordTable table, KnowledgeRequest request) {
    ObjectNode data = data(request);
    if (table == RecordTable.PROJECT_EMBEDDINGS) {
      try {
        embed(data);
      } catch (EmbeddingRefusedException e) {
        return new Refused("invalid", "content", String.valueOf(e.getMessage()));
      }
    }
    return records.put(table, request, data.toString());
  }

  private static ObjectNode data(KnowledgeRequest request) {
    String text = request.getData();
    try {
      JsonNode node = text == null ? null : JSON.readTree(text);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new WorkRejectedException("data: expected JSON, found " + e.getOriginalMessage());
    }
    throw new WorkRejectedException("data: expected a JSON object for PUT");
  }

  private void embed(ObjectNode data) {
    try {
      float[] vector = model.embed(data.path("content").asText());
      data.put("model", model.space().model())
          .put("dimensions", model.space().dimensions())
          .put("embedding", model.space().text(vector));
    } catch (EmbeddingUnavailableException e) {
      throw new UnavailableException(
          String.valueOf(e.getMessage()), e.retryAfter().orElse(null), e);
    }
  }

  private static KnowledgeRecord said(KnowledgeRequest request, RecordResult result) {
    KnowledgeRecord.Builder said =
        KnowledgeRecord.newBuilder()
            .setRequestId(request.getRequestId())
            .setRecordId(request.getRecordId())
            .setKind(request.getKind())
            .setUserId(request.getUserId())
            .setTenant(request.getTenant())
            .setOccurredAt(Instant.now());
    return switch (result) {
      case Kept(boolean created, String row) ->
          said.setOutcome(created ? RecordOutcome.CREATED : RecordOutcome.CHANGED)
              .setData(row)
              .build();
      case Removed() -> said.setOutcome(RecordOutcome.REMOVED).build();
      case Refused(String code, String field, String reason) ->
          said.setOutcome(RecordOutcome.REFUSED)
              .setCode(code)
              .setField(field)
              .setReason(reason)
              .build();
    };
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
