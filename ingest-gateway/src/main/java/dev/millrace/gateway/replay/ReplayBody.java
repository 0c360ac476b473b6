package dev.millrace.gateway.replay;

import dev.millrace.gateway.http.FieldError;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.replay.ReplayRequest;
import dev.millrace.schemas.replay.ReplaySource;
import dev.millrace.schemas.replay.ReplayTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a replay is asked to do, from the body of the request. */
final class ReplayBody {

  private ReplayBody() {}

  /**
   * Reads a body that fits its schema.
   *
   * @throws ProblemException 400 if its fields do not go together
   */
  static ReplayRequest read(Body body) {
    boolean isDryRun = body.bool("dryRun", false);
    ReplayTarget target = target(body);
    ReplayRequest request =
        ReplayRequest.newBuilder()
            .setSource(
                body.optionalText("source").orElse("mirror").equals("topic")
                    ? ReplaySource.TOPIC
                    : ReplaySource.MIRROR)
            .setTopics(texts(body, "topics"))
            .setPartition(number(body, "partition").map(JsonNode::intValue).orElse(null))
            .setFromOffset(longOrNull(body, "fromOffset"))
            .setToOffset(longOrNull(body, "toOffset"))
            .setFromTime(body.instant("from"))
            .setToTime(body.instant("to"))
            .setKey(body.textOrNull("key"))
            .setEventId(body.textOrNull("eventId"))
            .setTraceId(body.textOrNull("traceId"))
            .setEventType(body.textOrNull("eventType"))
            .setSql(body.textOrNull("sql"))
            .setTarget(isDryRun ? ReplayTarget.NOWHERE : target)
            .setRehearsedTarget(isDryRun ? target : null)
            .setTargetTopic(body.textOrNull("targetTopic"))
            .setCreateTopic(body.bool("createTopic", false))
            .setRecordsPerSecond(number(body, "rateLimit").map(JsonNode::intValue).orElse(null))
            .setMaxRecords(longOrNull(body, "maxRecords"))
            .setEffects(texts(body, "effects"))
            .build();
    List<FieldError> errors = check(request, body);
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
    return request;
  }

  private static ReplayTarget target(Body body) {
    return switch (body.optionalText("target").orElse("same_topic")) {
      case "topic" -> ReplayTarget.OTHER_TOPIC;
      case "file" -> ReplayTarget.FILE;
      default -> ReplayTarget.SAME_TOPIC;
    };
  }

  private static List<FieldError> check(ReplayRequest request, Body body) {
    List<FieldError> errors = new ArrayList<>();
    if (request.getSource() == ReplaySource.TOPIC) {
      if (request.getTopics().isEmpty()) {
        errors.add(new FieldError("/topics", "is required when the source is topic"));
      }
      if (request.getSql() != null) {
        errors.add(new FieldError("/sql", "needs the source mirror"));
      }
    } else if (!isNarrowed(request)) {
      errors.add(
          new FieldError("/topics", "expected at least one condition; name the topics to replay"));
    }
    checkRanges(request, errors);
    if (request.getSql() != null && !request.getSql().matches("[^;?]*")) {
      errors.add(
          new FieldError(
              "/sql",
              "expected one condition without ';' and '?'; write jsonb_exists(payload, 'name') for"
                  + " payload ? 'name'"));
    }
    boolean toOther = "topic".equals(body.textOrNull("target"));
    if (toOther && request.getTargetTopic() == null) {
      errors.add(new FieldError("/targetTopic", "is required when the target is topic"));
    }
    if (!toOther && request.getTargetTopic() != null) {
      errors.add(new FieldError("/targetTopic", "needs the target topic"));
    }
    if (!toOther && request.getCreateTopic()) {
      errors.add(new FieldError("/createTopic", "needs the target topic"));
    }
    if (isOfOthers(request)) {
      errors.add(
          new FieldError(
              "/targetTopic",
              "expected a topic of your own: the apps read this one, and records of another topic"
                  + " are none of its"));
    }
    return errors;
  }

  /** A range that ends before it begins has nothing in it. */
  private static void checkRanges(ReplayRequest request, List<FieldError> errors) {
    Long first = request.getFromOffset();
    Long last = request.getToOffset();
    if (first != null && last != null && first > last) {
      errors.add(new FieldError("/fromOffset", "expected at most toOffset, " + last));
    }
    Instant from = request.getFromTime();
    Instant to = request.getToTime();
    if (from != null && to != null && !from.isBefore(to)) {
      errors.add(new FieldError("/from", "expected a time before to, " + to));
    }
  }

  /** Whether it would write records of one topic of the catalogue to another. */
  private static boolean isOfOthers(ReplayRequest request) {
    String target = request.getTargetTopic();
    return target != null
        && Topics.find(target).isPresent()
        && !request.getTopics().equals(List.of(target));
  }

  private static boolean isNarrowed(ReplayRequest request) {
    return !request.getTopics().isEmpty()
        || request.getKey() != null
        || request.getEventId() != null
        || request.getTraceId() != null
        || request.getEventType() != null
        || request.getSql() != null;
  }

  private static List<String> texts(Body body, String name) {
    List<String> texts = new ArrayList<>();
    JsonNode array = body.node().get(name);
    if (array != null) {
      array.forEach(item -> texts.add(item.stringValue()));
    }
    return texts;
  }

  private static @Nullable Long longOrNull(Body body, String name) {
    return number(body, name).map(JsonNode::longValue).orElse(null);
  }

  private static Optional<JsonNode> number(Body body, String name) {
    return Optional.ofNullable(body.node().get(name)).filter(JsonNode::isNumber);
  }
}
