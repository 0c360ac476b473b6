package dev.millrace.worker.run;

import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.AgentLog;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;

/** Takes events, acknowledges them at once, and remembers them in their order. */
final class FakeBroker implements EventSink {

  /** One event with its context. */
  record Written(Topic<?> topic, String key, SpecificRecord value, EventContext context) {}

  final List<Written> written = new CopyOnWriteArrayList<>();
  volatile boolean refusing;

  @Override
  public <T extends SpecificRecord> CompletableFuture<?> publish(
      Topic<T> topic, String key, T value, EventContext context) {
    if (refusing) {
      return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
    }
    written.add(new Written(topic, key, value, context));
    return CompletableFuture.completedFuture(null);
  }

  List<AgentEvent> events() {
    return written.stream()
        .map(Written::value)
        .filter(AgentEvent.class::isInstance)
        .map(AgentEvent.class::cast)
        .toList();
  }

  List<AgentEventType> types() {
    return events().stream().map(AgentEvent::getType).toList();
  }

  AgentEvent last() {
    return events().getLast();
  }

  List<String> lines() {
    return written.stream()
        .map(Written::value)
        .filter(AgentLog.class::isInstance)
        .map(value -> ((AgentLog) value).getContent())
        .toList();
  }
}
