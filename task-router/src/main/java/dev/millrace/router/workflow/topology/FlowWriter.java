package dev.millrace.router.workflow.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.millrace.router.workflow.Flow;
import dev.millrace.router.workflow.FlowEffect;
import dev.millrace.router.workflow.FlowInput;
import dev.millrace.router.workflow.Next;
import dev.millrace.router.workflow.StepRequests;
import dev.millrace.router.workflow.WorkflowRules;
import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.workflow.FlowStatus;
import dev.millrace.schemas.workflow.WorkflowEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes what flows want done as records. Their identities are made from what led to them, so that
 * an event that is processed twice leads to the same records; all are in the trace of the flow.
 */
final class FlowWriter {

  /** Name under which the workflow signs its events. */
  static final String APP = "task-router-workflow";

  /** App that all dead letters of the router name. */
  private static final String ROUTER = "task-router";

  private final StepRequests requests;

  FlowWriter(WorkflowRules rules) {
    this.requests = new StepRequests(rules);
  }

  /** Topic that an output belongs to. */
  static Topic<? extends SpecificRecord> topicOf(SpecificRecord output) {
    return switch (output) {
      case WorkflowEvent _ -> Topics.WORKFLOW_EVENTS;
      case TaskRequest _ -> Topics.TASK_REQUESTS;
      case TaskCommand _ -> Topics.TASK_COMMANDS;
      case TaskEvent _ -> Topics.TASK_EVENTS;
      case DeadLetter _ -> Topics.DEAD_LETTERS;
      default ->
          throw new IllegalArgumentException(
              "the workflow writes no " + output.getSchema().getFullName());
    };
  }

  /**
   * The record of an effect.
   *
   * @param number place of the effect among those of the cause
   */
  Record<String, SpecificRecord> write(
      FlowEffect effect, EventContext cause, int number, Instant now) {
    return switch (effect) {
      case FlowEffect.Told told -> told(told, derive(told.flow(), cause, number, now), cause);
      case FlowEffect.TaskStep step ->
          taskStep(step, derive(step.flow(), cause, number, now), cause);
      case FlowEffect.Recorded recorded ->
          request(
              requests.record(recorded.flow(), now), derive(recorded.flow(), cause, number, now));
      case FlowEffect.Started started ->
          request(requests.step(started, now), derive(started.flow(), cause, number, now));
      case FlowEffect.BugFound bug ->
          request(requests.bug(bug, now), derive(bug.flow(), cause, number, now));
      case FlowEffect.Stopped stopped -> stop(stopped, derive(stopped.flow(), cause, number, now));
      case FlowEffect.Refused refused -> throw new IllegalArgumentException(refused.reason());
    };
  }

  /** The dead letter of an event that waited for a flow in vain. */
  Record<String, SpecificRecord> giveBack(FlowInput input, Duration waited) {
    FlowInput.Source source =
        requireNonNull(input.source(), "only what has a source is given back");
    EventContext cause = input.cause();
    String key = source.key() == null ? "" : source.key();
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            source.topic(),
            source.partition(),
            source.offset(),
            key.getBytes(UTF_8),
            Base64.getDecoder().decode(source.value()));
    EventHeaders.of(Topics.PLATFORM_EVENTS, key, cause).forEach(record.headers()::add);
    Failure failure =
        Failure.invalid(
            "no flow '%s' is known, and none began within %s; check the task_id, or the repository and the pull_request"
                .formatted(input.flow(), Durations.text(waited)));
    DeadLetter letter = DeadLetters.fitted(DeadLetters.letter(ROUTER, record, cause, failure, 1));
    return record(Topics.DEAD_LETTERS, key, letter, DeadLetters.derive(ROUTER, cause));
  }

  private static Record<String, SpecificRecord> told(
      FlowEffect.Told told, EventContext context, EventContext cause) {
    Flow flow = told.flow();
    Flow.Ask ask = flow.progress().ask();
    WorkflowEvent event =
        WorkflowEvent.newBuilder()
            .setEventId(context.id().value())
            .setFlowId(flow.id())
            .setType(told.type())
            .setStatus(FlowStatus.valueOf(flow.progress().status().name()))
            .setNext(Optional.ofNullable(told.next()).map(Next::code).orElse(null))
            .setTaskId(told.step())
            .setRound(flow.progress().rounds())
            .setRepository(flow.work().repository())
            .setBranch(flow.change().branch())
            .setPullRequest(flow.change().pullRequest())
            .setReason(told.reason())
            .setExpiresAt(ask == null ? null : ask.until())
            .setCauseId(cause.id().value())
            .setOccurredAt(context.time())
            .build();
    return record(Topics.WORKFLOW_EVENTS, flow.id(), event, context);
  }

  private static Record<String, SpecificRecord> taskStep(
      FlowEffect.TaskStep step, EventContext context, EventContext cause) {
    Flow flow = step.flow();
    TaskEvent event =
        TaskEvent.newBuilder()
            .setEventId(context.id().value())
            .setTaskId(flow.id())
            .setType(step.type())
            .setStatus(step.status())
            .setQueue(WorkflowTasks.QUEUE)
            .setAgent(WorkflowTasks.QUEUE)
            .setPriority(flow.work().priority())
            .setReason(step.reason())
            .setResult(step.result())
            .setCauseId(cause.id().value())
            .setOccurredAt(context.time())
            .build();
    return record(Topics.TASK_EVENTS, flow.id(), event, context);
  }

  private static Record<String, SpecificRecord> request(TaskRequest request, EventContext context) {
    return record(Topics.TASK_REQUESTS, request.getTaskId(), request, context);
  }

  /** Its task may be in the queue of its tenant, or in that of another agent meanwhile. */
  private static Record<String, SpecificRecord> stop(
      FlowEffect.Stopped stopped, EventContext context) {
    TaskCommand command =
        TaskCommand.newBuilder()
            .setCommandId(context.id().value())
            .setQueue(RoutingTable.EVERY_QUEUE)
            .setAction(TaskAction.CANCEL)
            .setTaskId(stopped.step())
            .setReason(stopped.reason())
            .setRequestedBy(APP)
            .setRequestedAt(context.time())
            .build();
    return record(Topics.TASK_COMMANDS, command.getQueue(), command, context);
  }

  private static EventContext derive(Flow flow, EventContext cause, int number, Instant now) {
    return new EventContext(
        cause.id().derive("%s/%s/%d".formatted(APP, flow.id(), number)),
        APP,
        now,
        flow.origin().trace().child(),
        replay(flow, cause));
  }

  /** A replay's mark stays with everything that follows from it. */
  private static @Nullable String replay(Flow flow, EventContext cause) {
    return cause.replayId() == null ? flow.origin().replayId() : cause.replayId();
  }

  private static <T extends SpecificRecord> Record<String, SpecificRecord> record(
      Topic<T> topic, String key, T value, EventContext context) {
    return new Record<>(
        key, value, context.time().toEpochMilli(), EventHeaders.of(topic, key, context));
  }
}
