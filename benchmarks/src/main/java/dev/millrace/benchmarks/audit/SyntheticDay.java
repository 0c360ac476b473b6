package dev.millrace.benchmarks.audit;

import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.AgentLog;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.agent.Usage;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** The events of many tasks, from request to end, as the apps write them. */
final class SyntheticDay {

  /** Events of one task. */
  static final int EVENTS_A_TASK = 10;

  /** Where its events are, and no others in this benchmark. */
  static final List<String> TOPICS =
      Stream.<Topic<?>>of(
              Topics.TASK_REQUESTS, Topics.TASK_EVENTS, Topics.AGENT_EVENTS, Topics.AGENT_LOGS)
          .map(Topic::name)
          .toList();

  private static final String[] AGENTS = {"claude", "chatgpt", "javari"};
  private static final String[] TYPES = {"documentation", "analysis", "review", "translation"};
  private static final int MAX_UNACKNOWLEDGED = 20_000;

  private final EventPublisher publisher;
  private final Semaphore room = new Semaphore(MAX_UNACKNOWLEDGED);

  SyntheticDay(EventPublisher publisher) {
    this.publisher = publisher;
  }

  /** Publishes the events of so many tasks, and returns when they are acknowledged. */
  void publish(int tasks) throws InterruptedException {
    for (int i = 0; i < tasks; i++) {
      task(i);
    }
    room.acquire(MAX_UNACKNOWLEDGED);
    room.release(MAX_UNACKNOWLEDGED);
  }

  private void task(int number) throws InterruptedException {
    String id = "bench-" + number;
    String agent = AGENTS[number % AGENTS.length];
    boolean fails = number % 17 == 0;
    EventContext context = EventContext.start("bench", TraceContext.of(EventId.random()));
    send(
        Topics.TASK_REQUESTS,
        id,
        TaskRequest.newBuilder()
            .setTaskId(id)
            .setTaskType(TYPES[number % TYPES.length])
            .setDescription("Describe part " + number + " of the mill, and what it grinds")
            .setRequestedBy("bench")
            .build(),
        context);
    step(id, agent, TaskEventType.CREATED, TaskStatus.PENDING, context);
    step(id, agent, TaskEventType.QUEUED, TaskStatus.QUEUED, context);
    step(id, agent, TaskEventType.DISPATCHED, TaskStatus.ASSIGNED, context);
    step(id, agent, TaskEventType.STARTED, TaskStatus.IN_PROGRESS, context);
    send(Topics.AGENT_EVENTS, id, run(id, agent, AgentEventType.STARTED).build(), context);
    send(
        Topics.AGENT_LOGS,
        id,
        AgentLog.newBuilder()
            .setRunId("run-" + id)
            .setTaskId(id)
            .setAgent(agent)
            .setSequence(0)
            .setContent("read what there is about part " + number)
            .setOccurredAt(Instant.now())
            .build(),
        context);
    send(
        Topics.AGENT_EVENTS,
        id,
        run(id, agent, AgentEventType.USAGE).setUsage(usage(number)).build(),
        context);
    send(
        Topics.AGENT_EVENTS,
        id,
        run(id, agent, AgentEventType.FINISHED)
            .setOutcome(fails ? RunOutcome.FAILED : RunOutcome.COMPLETED)
            .build(),
        context);
    step(
        id,
        agent,
        fails ? TaskEventType.FAILED : TaskEventType.COMPLETED,
        fails ? TaskStatus.FAILED : TaskStatus.COMPLETED,
        context);
  }

  private void step(
      String task, String agent, TaskEventType type, TaskStatus status, EventContext context)
      throws InterruptedException {
    send(
        Topics.TASK_EVENTS,
        task,
        TaskEvent.newBuilder()
            .setEventId(EventId.random().value())
            .setTaskId(task)
            .setType(type)
            .setStatus(status)
            .setQueue(agent)
            .setAgent(agent)
            .setRunId("run-" + task)
            .setOccurredAt(Instant.now())
            .build(),
        context);
  }

  private static AgentEvent.Builder run(String task, String agent, AgentEventType type) {
    return AgentEvent.newBuilder()
        .setEventId(EventId.random().value())
        .setRunId("run-" + task)
        .setTaskId(task)
        .setQueue(agent)
        .setAgent(agent)
        .setAttempt(1)
        .setType(type)
        .setProvider("offline")
        .setModel("offline")
        .setOccurredAt(Instant.now());
  }

  private static Usage usage(int number) {
    return Usage.newBuilder()
        .setInputTokens(1_000 + number % 500)
        .setOutputTokens(200)
        .setCacheReadTokens(number % 800)
        .setCacheWriteTokens(0)
        .setCostMicrodollars(1_500 + number % 700)
        .build();
  }

  private <T extends SpecificRecord> void send(
      Topic<T> topic, String key, T value, EventContext context) throws InterruptedException {
    room.acquire();
    CompletableFuture<RecordMetadata> sent =
        publisher.publish(topic, key, value, context.derive("bench", EventId.random().value()));
    var _ = sent.whenComplete((metadata, failure) -> room.release());
  }
}
