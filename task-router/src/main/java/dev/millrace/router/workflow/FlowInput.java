package dev.millrace.router.workflow;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.task.TaskAction;
import org.jspecify.annotations.Nullable;

/**
 * Something that concerns a flow, wherever it came from.
 *
 * @param flow the flow that is meant
 * @param cause the event
 * @param source where it came from, of an event that somebody wants back if no flow is known to it
 */
public record FlowInput(String flow, EventContext cause, Content content, @Nullable Source source) {

  public FlowInput(String flow, EventContext cause, Content content) {
    this(flow, cause, content, null);
  }

  /** The same, which came from here. */
  public FlowInput from(Source record) {
    return new FlowInput(flow, cause, content, record);
  }

  /** Whether it means something to a flow that is there alone. */
  public boolean needsFlow() {
    return !(content instanceof Happened happened) || happened.begins() == null;
  }

  /** Whether it may wait for its flow, and is given back when none comes. */
  public boolean waitsForFlow() {
    return source != null && needsFlow();
  }

  /**
   * The record of an event.
   *
   * @param value its value, in Base64
   */
  public record Source(
      String topic, int partition, long offset, @Nullable String key, String value) {}

  /** What is said. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Happened.class, name = "happened"),
    @JsonSubTypes.Type(value = Ordered.class, name = "ordered")
  })
  public sealed interface Content {}

  /**
   * Something happened.
   *
   * @param step the task that said so; null for what came from outside
   * @param news what it says besides
   * @param begins the work, if this may begin a flow
   * @param recorded whether that work is a task already, which somebody asked for
   */
  public record Happened(
      Signal signal, @Nullable String step, News news, Flow.@Nullable Work begins, boolean recorded)
      implements Content {}

  /** Somebody commands. */
  public record Ordered(TaskAction action, @Nullable String by, @Nullable String reason)
      implements Content {}

  /**
   * What an event says about the change of a flow; what it does not say is null.
   *
   * @param text plan, findings or reason, by the signal
   */
  public record News(
      @Nullable String branch,
      @Nullable Integer pullRequest,
      @Nullable String url,
      @Nullable String sha,
      @Nullable String text) {

    /** Longest text that is kept of an event, in characters. */
    static final int MAX_TEXT = 256 << 10;

    static final News NONE = new News(null, null, null, null, null);

    public News {
      text = text == null ? null : Texts.shorten(text, MAX_TEXT);
    }

    static News text(@Nullable String text) {
      return new News(null, null, null, null, text);
    }
  }
}
