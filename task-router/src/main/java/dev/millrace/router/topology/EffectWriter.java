package dev.millrace.router.topology;

import static java.util.Objects.requireNonNull;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.queue.Position;
import dev.millrace.router.queue.QueueEffect;
import dev.millrace.router.queue.QueueEvent;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.RunId;
import dev.millrace.router.queue.Task;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.routing.RequestSize;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.agent.CircuitState;
import dev.millrace.schemas.agent.ProviderStatus;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a queue wants done as records. Their identities are made from what led to them, so
 * that an event that is processed twice leads to the same records; a task's records are in the
 * trace of its request.
 */
final class EffectWriter {

  /** Attribute of a request that names the role in which the agent works. */
  private static final String ROLE = "role";

  private static final String RESULT_TOO_LARGE =
      "the result is left out: it has more than %d bytes".formatted(RequestSize.MAX_TEXT_BYTES);

  private final QueueName queue;
  private final EventCodec codec;

  EffectWriter(QueueName queue, EventCodec codec) {
    this.queue = queue;
    this.codec = codec;
  }

  Record<String, SpecificRecord> write(QueueEffect effect, Cause cause, Instant now) {
    return switch (effect) {
      case QueueEffect.TaskStep step -> taskStep(step, cause, now);
      case QueueEffect.Rejected rejected ->
          rejected(queue, rejected.request(), rejected.reason(), cause, now);
      case QueueEffect.QueueStep step -> queueStep(step, cause, now);
      case QueueEffect.Dispatch dispatch -> assignment(dispatch, now);
      case QueueEffect.Kill kill -> kill(kill, cause, now);
      case QueueEffect.PublishCircuit changed -> provider(changed, cause, now);
      case QueueEffect.Move move -> move(move, now);
      case QueueEffect.GiveUp giveUp -> giveUp(giveUp, now);
      case QueueEffect.Refuse refuse -> refuse(refuse, cause, now);
    };
  }

  private Record<String, SpecificRecord> taskStep(
      QueueEffect.TaskStep step, Cause cause, Instant now) {
    Task task = step.task();
    String name =
        "%s/%s/%d/%s".formatted(task.id(), step.type(), task.attempt(), cause.context().id());
    EventContext context = derive(task.origin().context(), name, now);
    TaskEvent event =
        TaskEvent.newBuilder()
            .setEventId(context.id().value())
            .setTaskId(task.id().value())
            .setType(step.type())
            .setStatus(
                step.type() == TaskEventType.CREATED ? TaskStatus.PENDING : task.stage().status())
            .setQueue(queue.value())
            .setAgent(queue.agent())
            .setTaskType(task.type())
            .setPriority(task.priority())
            .setAttempt(task.attempt())
            .setRunId(text(step.run()))
            .setReason(fits(step.result()) ? shortened(step.reason()) : RESULT_TOO_LARGE)
            .setResult(fits(step.result()) ? step.result() : null)
            .setCauseId(causeId(cause))
            .setOccurredAt(now)
            .build();
    return record(Topics.TASK_EVENTS, task.id().value(), event, context);
  }

  /**
   * A request that was turned away.
   *
   * @param queue queue that had no room; null if there is none for it
   */
  static Record<String, SpecificRecord> rejected(
      @Nullable QueueName queue, TaskRequest request, String reason, Cause cause, Instant now) {
    EventContext context = derive(cause.context(), TaskEventType.REJECTED.name(), now);
    TaskEvent event =
        TaskEvent.newBuilder()
            .setEventId(context.id().value())
            .setTaskId(request.getTaskId())
            .setType(TaskEventType.REJECTED)
            .setStatus(TaskStatus.FAILED)
            .setQueue(queue == null ? null : queue.value())
            .setTaskType(shortened(request.getTaskType()))
            .setPriority(request.getPriority())
            .setReason(shortened(reason))
            .setCauseId(causeId(cause))
            .setOccurredAt(now)
            .build();
    return record(Topics.TASK_EVENTS, request.getTaskId(), event, context);
  }

  private Record<String, SpecificRecord> queueStep(
      QueueEffect.QueueStep step, Cause cause, Instant now) {
    EventContext context = derive(cause.context(), queue + "/" + step.type(), now);
    Map<String, String> facts = step.facts();
    TaskEvent event =
        TaskEvent.newBuilder()
            .setEventId(context.id().value())
            .setType(step.type())
            .setQueue(queue.value())
            .setReason(shortened(step.reason()))
            .setResult(facts == null ? null : FactsJson.write(facts))
            .setCauseId(causeId(cause))
            .setOccurredAt(now)
            .build();
    return record(Topics.TASK_EVENTS, queue.value(), event, context);
  }

  private Record<String, SpecificRecord> assignment(QueueEffect.Dispatch dispatch, Instant now) {
    Task task = dispatch.task();
    TaskRequest request = dispatch.request();
    EventContext context = derive(task.origin().context(), "run/" + dispatch.run(), now);
    AgentAssignment assignment =
        AgentAssignment.newBuilder()
            .setRunId(dispatch.run().value())
            .setTaskId(task.id().value())
            .setQueue(queue.value())
            .setAgent(queue.agent())
            .setAttempt(task.attempt())
            .setTaskType(request.getTaskType())
            .setDescription(request.getDescription())
            .setPriority(task.priority())
            .setContext(request.getContext())
            .setTitle(request.getTitle())
            .setRole(request.getAttributes().get(ROLE))
            .setTenant(request.getTenant())
            .setAttributes(request.getAttributes())
            .setParentTaskId(request.getParentTaskId())
            .setDeadline(task.deadline())
            .setRequestedAt(
                request.getRequestedAt() == null
                    ? task.origin().context().time()
                    : request.getRequestedAt())
            .setDispatchedAt(now)
            .setApprovals(task.approvals())
            .build();
    return record(Handover.TOPIC, task.id().value(), assignment, context);
  }

  private Record<String, SpecificRecord> provider(
      QueueEffect.PublishCircuit changed, Cause cause, Instant now) {
    Circuit circuit = changed.circuit();
    String provider = changed.provider().name();
    EventContext context = derive(cause.context(), "circuit/" + provider, now);
    ProviderStatus status =
        ProviderStatus.newBuilder()
            .setProvider(provider)
            .setState(
                switch (circuit.state()) {
                  case CLOSED -> CircuitState.CLOSED;
                  case OPEN, HALF_OPEN -> CircuitState.OPEN;
                })
            .setReopened(circuit.reopened())
            .setUntil(circuit.until())
            .setReason(shortened(circuit.reason()))
            .setQueue(queue.value())
            .setChangedAt(circuit.changedAt())
            .build();
    return record(Topics.AGENT_PROVIDERS, provider, status, context);
  }

  /** The request again, for another agent, with what its next queue has to know. */
  private static Record<String, SpecificRecord> move(QueueEffect.Move move, Instant now) {
    Task task = move.task();
    EventContext context =
        derive(task.origin().context(), "moved/" + move.agent() + "/" + task.attempt(), now);
    TaskRequest request =
        TaskRequest.newBuilder(move.request())
            .setAgent(move.agent())
            .setPriority(task.priority())
            .setDeadline(task.deadline())
            .build();
    Record<String, SpecificRecord> record =
        record(Topics.TASK_REQUESTS, task.id().value(), request, context);
    return record.withHeaders(Envelope.moved(record.headers(), task.attempt()));
  }

  private static Record<String, SpecificRecord> kill(
      QueueEffect.Kill kill, Cause cause, Instant now) {
    EventContext context =
        derive(
            kill.task().origin().context(), "kill/" + kill.run() + "/" + cause.context().id(), now);
    AgentCommand command =
        AgentCommand.newBuilder()
            .setCommandId(context.id().value())
            .setRunId(kill.run().value())
            .setAction(AgentAction.KILL)
            .setReason(shortened(kill.reason()))
            .setRequestedBy(Cause.APP)
            .setRequestedAt(now)
            .build();
    return record(Topics.AGENT_COMMANDS, kill.run().value(), command, context);
  }

  private Record<String, SpecificRecord> giveUp(QueueEffect.GiveUp giveUp, Instant now) {
    Task task = giveUp.task();
    EventContext origin = task.origin().context();
    EventContext context = derive(origin, "given-up/" + task.attempt(), now);
    DeadLetter letter =
        letter(
            task.origin().position(),
            task.id().value(),
            bytes(Topics.TASK_REQUESTS, giveUp.request()),
            origin,
            giveUp.kind(),
            giveUp.reason(),
            task.attempt(),
            now);
    return record(Topics.DEAD_LETTERS, task.id().value(), letter, context);
  }

  private Record<String, SpecificRecord> refuse(
      QueueEffect.Refuse refuse, Cause cause, Instant now) {
    Cause.Source source = requireNonNull(cause.event(), "only an event can be refused");
    EventContext context = derive(cause.context(), "refused/" + queue, now);
    DeadLetter letter =
        letter(
            source.position(),
            queue.value(),
            bytes(OutputSerde.inputTopicOf(source.value()), source.value()),
            cause.context(),
            "invalid",
            "queue " + queue + ": " + refuse.reason(),
            1,
            now);
    return record(Topics.DEAD_LETTERS, queue.value(), letter, context);
  }

  private static DeadLetter letter(
      Position position,
      String key,
      ByteBuffer value,
      EventContext event,
      String kind,
      String reason,
      int attempts,
      Instant now) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setTopic(position.topic())
            .setPartition(position.partition())
            .setOffset(position.offset())
            .setKey(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))
            .setValue(value)
            .setHeaders(
                Map.of(
                    EventHeaders.ID, text(event.id().value()),
                    EventHeaders.SOURCE, text(event.source()),
                    EventHeaders.TRACEPARENT, text(event.trace().traceparent())))
            .setApp(Cause.APP)
            .setError(kind)
            .setReason(reason)
            .setAttempts(attempts)
            .setEventId(event.id().value())
            .setFailedAt(now)
            .build();
    return DeadLetters.fitted(letter);
  }

  private static boolean fits(@Nullable String result) {
    return result == null || Utils.utf8Length(result) <= RequestSize.MAX_TEXT_BYTES;
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null ? null : Texts.shorten(text, QueueEvent.MAX_REASON_LENGTH);
  }

  private <T extends SpecificRecord> ByteBuffer bytes(Topic<T> topic, SpecificRecord value) {
    T typed = topic.valueType().cast(value);
    return ByteBuffer.wrap(
        requireNonNull(codec.serde(topic).serializer().serialize(topic.name(), typed)));
  }

  private static EventContext derive(EventContext from, String name, Instant now) {
    return new EventContext(
        from.id().derive(Cause.APP + "/" + name),
        Cause.APP,
        now,
        from.trace().child(),
        from.replayId());
  }

  private static <T extends SpecificRecord> Record<String, SpecificRecord> record(
      Topic<T> topic, String key, T value, EventContext context) {
    return new Record<>(
        key, value, context.time().toEpochMilli(), EventHeaders.of(topic, key, context));
  }

  private static @Nullable String causeId(Cause cause) {
    return cause.event() == null ? null : cause.context().id().value();
  }

  private static @Nullable String text(@Nullable RunId run) {
    return run == null ? null : run.value();
  }

  private static ByteBuffer text(String value) {
    return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
  }
}
