package dev.millrace.gateway;

import dev.millrace.gateway.event.EventSink;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Takes events in place of Kafka, and shows them to the planner or worker of a test. */
public final class RecordingSink implements EventSink {

  private final List<Written> all = new CopyOnWriteArrayList<>();
  private volatile @Nullable Reaction reaction;
  private volatile @Nullable Throwable failure;

  /** An event that was written. */
  public record Written(String topic, String key, SpecificRecord value, EventContext context) {}

  /** What a downstream app does with an event. */
  @FunctionalInterface
  public interface Reaction {
    void to(Written written);
  }

  @Override
  public <T extends SpecificRecord> CompletableFuture<?> publish(
      Topic<T> topic, String key, T value, EventContext context) {
    Written written = new Written(topic.name(), key, value, context);
    all.add(written);
    Reaction downstream = reaction;
    if (downstream != null) {
      downstream.to(written);
    }
    return failure == null
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(failure);
  }

  /** From now on no event gets on record; with null all do again. */
  public void fail(@Nullable Throwable reason) {
    this.failure = reason;
  }

  public void react(Reaction downstream) {
    this.reaction = downstream;
  }

  /** Events of a topic, in order. */
  public List<Written> on(Topic<?> topic) {
    return all.stream().filter(written -> written.topic().equals(topic.name())).toList();
  }

  /** Values of a topic, in order. */
  public <T extends SpecificRecord> List<T> values(Topic<T> topic) {
    return on(topic).stream().map(written -> topic.valueType().cast(written.value())).toList();
  }
}
