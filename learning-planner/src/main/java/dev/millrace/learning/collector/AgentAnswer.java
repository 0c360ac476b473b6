package dev.millrace.learning.collector;

import org.jspecify.annotations.Nullable;

/** How a signal agent answered, after all tries. */
sealed interface AgentAnswer {

  /** New data, in JSON. */
  record Data(String json, @Nullable String etag) implements AgentAnswer {}

  /** What the planner has is still true. */
  record Unchanged(String etag) implements AgentAnswer {}

  /** No signal. */
  record Failed(String code, String error) implements AgentAnswer {}
}
