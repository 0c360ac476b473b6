package dev.millrace.health.scrape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples as JSON, as {@code POST /api/metrics} of the gateway takes them: one object or a list of
 * them, {@code {"name": "cpu_percent", "value": 97.5, "unit": "percent", "labels": {},
 * "observedAt": "..."}}. A project that is named must be the one that was asked.
 */
final class JsonSamples {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_SAMPLES = 500;

  private JsonSamples() {}

  static List<Sample> parse(String text, String project) throws ScrapeException {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ScrapeException("the answer is not JSON, though it says so");
    }
    List<Sample> samples = new ArrayList<>();
    for (JsonNode sample : node.isArray() ? node : List.of(node)) {
      if (samples.size() == MAX_SAMPLES) {
        throw new ScrapeException("expected at most " + MAX_SAMPLES + " samples");
      }
      samples.add(sample(sample, project));
    }
    return samples;
  }

  private static Sample sample(JsonNode node, String project) throws ScrapeException {
    String named =
        text(node, "project") == null ? text(node, "projectName") : text(node, "project");
    if (named != null && !named.equals(project)) {
      throw new ScrapeException(
          "expected samples of " + project + ", found one of '" + named + "'");
    }
    String name = text(node, "name");
    JsonNode value = node.path("value");
    if (name == null || !value.isNumber() || !Double.isFinite(value.asDouble())) {
      throw new ScrapeException("expected a name and a number as value in each sample");
    }
    Map<String, String> labels = new HashMap<>();
    node.path("labels").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return new Sample(name, value.asDouble(), text(node, "unit"), labels, observedAt(node));
  }

  private static @Nullable Instant observedAt(JsonNode node) throws ScrapeException {
    String text = text(node, "observedAt");
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new ScrapeException("observedAt: expected a time such as 2026-01-23T08:00:00Z");
    }
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isTextual() ? node.path(field).asText() : null;
  }
}
