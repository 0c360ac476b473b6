package dev.millrace.router.topology;

import dev.millrace.router.RouterConfig;
import dev.millrace.router.queue.QueueName;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.serde.SingleObjectSerde;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The router's topology without a broker. */
final class RouterDriver implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** An agent whose queue belongs to the partition that the driver reads, and one elsewhere. */
  static final String NEAR = agent(true);

  static final String FAR = agent(false);

  private static final String FAILURES = "test.failures";

  final List<Exception> failures = new ArrayList<>();
  final TopologyTestDriver driver;
  private final TopologyTestDriver handover;
  private final TestInputTopic<String, AgentAssignment> handedOver;
  final TestInputTopic<String, TaskRequest> requests;
  final TestInputTopic<String, TaskCommand> commands;
  final TestInputTopic<String, AgentEvent> agentEvents;
  final TestOutputTopic<String, TaskEvent> taskEvents;
  final TestOutputTopic<String, QueueSnapshot> snapshots;
  final TestOutputTopic<String, AgentCommand> agentCommands;
  final TestOutputTopic<String, DeadLetter> deadLetters;

  private static String agent(boolean near) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "agent-" + i)
        .filter(name -> (RouterTopology.partitionOf(new QueueName(name)) == 0) == near)
        .findFirst()
        .orElseThrow();
  }

  /** With the two agents, of which one documents and the other analyses, without a second try. */
  static RouterDriver ofTwoAgents(Path state) {
    return new RouterDriver(
        state,
        Map.of(
            "TASK_ROUTES", "documentation=%s,analysis=%s".formatted(NEAR, FAR),
            "QUEUE_SETTINGS", "%s.max_attempts=1".formatted(FAR)));
  }

  RouterDriver(Path state, Map<String, String> environment) {
    RouterConfig config = RouterConfig.from(Environment.of(environment));
    driver =
        new TopologyTestDriver(
            RouterTopology.build(
                config, SingleObjectSerde::of, new QueueMetrics(new SimpleMeterRegistry())),
            properties(state),
            START);
    handover =
        new TopologyTestDriver(
            Handover.build(SingleObjectSerde::of), properties(state.resolve("handover")));
    handedOver =
        handover.createInputTopic(
            Handover.TOPIC.name(),
            Serdes.String().serializer(),
            SingleObjectSerde.of(Handover.TOPIC).serializer());
    requests = input(Topics.TASK_REQUESTS);
    commands = input(Topics.TASK_COMMANDS);
    agentEvents = input(Topics.AGENT_EVENTS);
    taskEvents = output(Topics.TASK_EVENTS);
    snapshots = output(Topics.TASK_QUEUES);
    agentCommands = output(Topics.AGENT_COMMANDS);
    deadLetters = output(Topics.DEAD_LETTERS);
  }

  private Properties properties(Path state) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "router-" + UUID.randomUUID());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, RecordFailures.class);
    properties.put(FAILURES, failures);
    return properties;
  }

  private <T extends SpecificRecord> TestInputTopic<String, T> input(Topic<T> topic) {
    return driver.createInputTopic(
        topic.name(), Serdes.String().serializer(), SingleObjectSerde.of(topic).serializer());
  }

  private <T extends SpecificRecord> TestOutputTopic<String, T> output(Topic<T> topic) {
    return driver.createOutputTopic(
        topic.name(), Serdes.String().deserializer(), SingleObjectSerde.of(topic).deserializer());
  }

  /** What workers take, after the way through the handover. */
  TestOutputTopic<String, AgentAssignment> assignments(String agent) {
    output(Handover.TOPIC).readRecordsToList().forEach(handedOver::pipeInput);
    Topic<AgentAssignment> topic = Topics.agentAssignments(agent);
    return handover.createOutputTopic(
        topic.name(), Serdes.String().deserializer(), SingleObjectSerde.of(topic).deserializer());
  }

  void handOver(String task, @Nullable AgentAssignment assignment) {
    handedOver.pipeInput(task, assignment);
  }

  void request(TaskRequest request, Headers headers) {
    requests.pipeInput(new TestRecord<>(request.getTaskId(), request, headers, START));
  }

  void request(String task, String type) {
    requests.pipeInput(task, taskRequest(task, type).build());
  }

  static TaskRequest.Builder taskRequest(String task, String type) {
    return TaskRequest.newBuilder()
        .setTaskId(task)
        .setTaskType(type)
        .setDescription("Describe the module.")
        .setPriority(Priority.HIGH);
  }

  void command(TaskAction action, String queue) {
    commands.pipeInput(
        queue,
        TaskCommand.newBuilder()
            .setCommandId(UUID.randomUUID().toString())
            .setQueue(queue)
            .setAction(action)
            .build());
  }

  void report(AgentAssignment assignment, AgentEventType type) {
    agentEvents.pipeInput(assignment.getRunId(), agentEvent(assignment, type).build());
  }

  static AgentEvent.Builder agentEvent(AgentAssignment assignment, AgentEventType type) {
    return AgentEvent.newBuilder()
        .setEventId(assignment.getRunId() + "/" + type)
        .setRunId(assignment.getRunId())
        .setTaskId(assignment.getTaskId())
        .setQueue(assignment.getQueue())
        .setAgent(assignment.getAgent())
        .setAttempt(assignment.getAttempt())
        .setType(type)
        .setOutcome(type == AgentEventType.FINISHED ? RunOutcome.COMPLETED : null)
        .setResult(type == AgentEventType.FINISHED ? "{\"text\":\"done\"}" : null)
        .setOccurredAt(START);
  }

  void pass(Duration duration) {
    driver.advanceWallClockTime(duration);
  }

  @Override
  public void close() {
    driver.close();
    handover.close();
  }

  /** Notes what a processor refuses and goes on, where the real one writes a dead letter. */
  public static final class RecordFailures implements ProcessingExceptionHandler {

    private List<Exception> failures = new ArrayList<>();

    @Override
    public Response handleError(
        ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
      failures.add(exception);
      return Response.resume();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void configure(Map<String, ?> settings) {
      if (settings.get(FAILURES) instanceof List<?> list) {
        failures = (List<Exception>) list;
      }
    }
  }
}
