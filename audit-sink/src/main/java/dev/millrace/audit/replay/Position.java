package dev.millrace.audit.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.audit.stored.StoredRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a replay is: by partition, the offsets that are still to be looked at. What a replay
 * writes comes after the end, which is fixed when it begins.
 *
 * @param spans what is left of each partition that is not at its end
 */
record Position(SortedMap<TopicPartition, Span> spans) {

  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Offsets of a partition.
   *
   * @param from the first
   * @param end the one after the last
   */
  record Span(long from, long end) {}

  Position {
    SortedMap<TopicPartition, Span> left = new TreeMap<>(ORDER);
    spans.forEach((partition, span) -> {
      if (span.from() < span.end()) {
        left.put(partition, span);
      }
    });
    spans = left;
  }

  static Position of(Map<TopicPartition, Span> spans) {
    SortedMap<TopicPartition, Span> sorted = new TreeMap<>(ORDER);
    sorted.putAll(spans);
    return new Position(sorted);
  }

  /** The position after a record. */
  Position after(StoredRecord stored) {
    TopicPartition partition =
        new TopicPartition(stored.record().topic(), stored.record().partition());
    Span span = spans.get(partition);
    return span == null
        ? this
        : with(partition, new Span(stored.record().offset() + 1, span.end()));
  }

  /** The position with another span of a partition. */
  Position with(TopicPartition partition, Span span) {
    Map<TopicPartition, Span> changed = new HashMap<>(spans);
    changed.put(partition, span);
    return of(changed);
  }

  boolean isAtEnd() {
    return spans.isEmpty();
  }

  String json() {
    ObjectNode topics = JSON.createObjectNode();
    spans.forEach((partition, span) ->
        topics
            .withObjectProperty(partition.topic())
            .putArray(Integer.toString(partition.partition()))
            .add(span.from())
            .add(span.end()));
    return topics.toString();
  }

  static Position parse(String json) {
    Map<TopicPartition, Span> spans = new TreeMap<>(ORDER);
    try {
      JSON.readTree(json)
          .properties()
          .forEach(topic ->
              topic
                  .getValue()
                  .properties()
                  .forEach(partition ->
                      spans.put(
                          new TopicPartition(topic.getKey(), Integer.parseInt(partition.getKey())),
                          span(partition.getValue()))));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected the position of a replay, found " + json, e);
    }
    return of(spans);
  }

  private static Span span(JsonNode pair) {
    return new Span(pair.required(0).longValue(), pair.required(1).longValue());
  }
}
