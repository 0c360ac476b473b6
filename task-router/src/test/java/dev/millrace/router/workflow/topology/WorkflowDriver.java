package dev.millrace.router.workflow.topology;

import dev.millrace.router.workflow.WorkflowRules;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.github.GithubEvent;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.serde.SingleObjectSerde;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.workflow.WorkflowEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The workflow's topology without a broker, and agents that end as they are told. */
final class WorkflowDriver implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final String REPOSITORY = "acme/site";

  /** Mark of the replay that writes from now on, if one does. */
  @Nullable String replay;

  private final TopologyTestDriver driver;

  WorkflowDriver(Path state, Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(Map.of("USE_MULTI_AGENT_EVENTS", "true"));
    variables.putAll(environment);
    Environment configured = Environment.of(variables);
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "workflow-" + UUID.randomUUID());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndContinueProcessingExceptionHandler.class);
    driver =
        new TopologyTestDriver(
            WorkflowTopology.build(
                WorkflowRules.from(configured, RoutingTable.from(configured)),
                SingleObjectSerde::of),
            properties,
            START);
  }

  /** A task that begins a flow, in the trace of its id. */
  void request(String id) {
    request(
        TaskRequest.newBuilder()
            .setTaskId(id)
            .setTaskType("code")
            .setDescription("Add a page about opening hours.")
            .setContext(TaskContext.newBuilder().setRepository(REPOSITORY).build())
            .build());
  }

  void request(TaskRequest request) {
    write(Topics.TASK_REQUESTS, request.getTaskId(), request, "request/" + request.getTaskId());
  }

  /** The task of an agent ends well. */
  void completed(TaskRequest step, String result) {
    ended(step, TaskEventType.COMPLETED, result);
  }

  void ended(TaskRequest step, TaskEventType type, @Nullable String result) {
    TaskEvent event =
        TaskEvent.newBuilder()
            .setEventId(UUID.randomUUID().toString())
            .setTaskId(step.getTaskId())
            .setType(type)
            .setReason(type == TaskEventType.COMPLETED ? null : "it broke")
            .setResult(result)
            .setOccurredAt(START)
            .build();
    write(Topics.TASK_EVENTS, step.getTaskId(), event, event.getEventId());
  }

  void command(TaskAction action, String flow) {
    TaskCommand command =
        TaskCommand.newBuilder()
            .setCommandId(UUID.randomUUID().toString())
            .setQueue("workflow")
            .setAction(action)
            .setTaskId(flow)
            .setRequestedBy("ops")
            .build();
    write(Topics.TASK_COMMANDS, command.getQueue(), command, command.getCommandId());
  }

  void webhook(String event, String action, String delivery, String payload) {
    webhook(REPOSITORY, event, action, delivery, payload);
  }

  void webhook(String repository, String event, String action, String delivery, String payload) {
    GithubEvent value =
        GithubEvent.newBuilder()
            .setDeliveryId(delivery)
            .setEvent(event)
            .setAction(action)
            .setRepository(repository)
            .setSender("octocat")
            .setPayload(payload)
            .setReceivedAt(START)
            .build();
    write(Topics.GITHUB_EVENTS, repository, value, delivery);
  }

  void platform(String type, String data) {
    PlatformEvent event =
        PlatformEvent.newBuilder().setEventType(type).setSource("ci").setData(data).build();
    write(Topics.PLATFORM_EVENTS, "ci", event, UUID.randomUUID().toString());
  }

  private <T extends SpecificRecord> void write(Topic<T> topic, String key, T value, String id) {
    EventContext context =
        new EventContext(
            new EventId(id), "test", START, TraceContext.of(new EventId("trace")), replay);
    driver
        .createInputTopic(
            topic.name(), Serdes.String().serializer(), SingleObjectSerde.of(topic).serializer())
        .pipeInput(new TestRecord<>(key, value, EventHeaders.of(topic, key, context), START));
  }

  void pass(Duration duration) {
    driver.advanceWallClockTime(duration);
  }

  /** Tasks that were asked for since the last call. */
  List<TaskRequest> requests() {
    return read(Topics.TASK_REQUESTS).stream().map(TestRecord::value).toList();
  }

  /** The one task that was asked for since the last call. */
  TaskRequest requested() {
    List<TaskRequest> all = requests();
    if (all.size() != 1) {
      throw new AssertionError(
          "expected one task, found " + all.stream().map(TaskRequest::getTaskId).toList());
    }
    return all.getFirst();
  }

  List<WorkflowEvent> events() {
    return eventRecords().stream().map(TestRecord::value).toList();
  }

  List<TestRecord<String, WorkflowEvent>> eventRecords() {
    return read(Topics.WORKFLOW_EVENTS);
  }

  List<TaskEvent> taskEvents() {
    return read(Topics.TASK_EVENTS).stream().map(TestRecord::value).toList();
  }

  List<TaskCommand> commands() {
    return read(Topics.TASK_COMMANDS).stream().map(TestRecord::value).toList();
  }

  List<DeadLetter> deadLetters() {
    return read(Topics.DEAD_LETTERS).stream().map(TestRecord::value).toList();
  }

  private <T extends SpecificRecord> List<TestRecord<String, T>> read(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(),
            Serdes.String().deserializer(),
            SingleObjectSerde.of(topic).deserializer())
        .readRecordsToList();
  }

  @Override
  public void close() {
    driver.close();
  }
}
