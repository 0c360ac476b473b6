package dev.millrace.gateway.operation;

import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import java.time.Clock;

/**
 * Writes commands to queues. A call with an {@code Idempotency-Key} that comes again is the same
 * command, and a command is obeyed once.
 */
public final class QueueCommands {

  /** Queue of a command that is meant for all of them. */
  public static final String EVERY_QUEUE = RoutingTable.EVERY_QUEUE;

  private final EventSink sink;
  private final Clock clock;

  public QueueCommands(EventSink sink, Clock clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /**
   * Begins a command.
   *
   * @param client who asks
   * @param queue queue that is meant, or {@value #EVERY_QUEUE}
   */
  public TaskCommand.Builder command(Call call, String client, String queue, TaskAction action) {
    EventId id =
        IdempotencyKey.eventId(
            IdempotencyKey.of(call), client + '\n' + call.path(), clock.instant());
    return TaskCommand.newBuilder()
        .setCommandId(id.value())
        .setQueue(queue)
        .setAction(action)
        .setRequestedBy(client)
        .setRequestedAt(clock.instant());
  }

  /** Writes a command and waits until it is on record. */
  public void give(Call call, TaskCommand command) throws InterruptedException {
    EventContext context = call.event(new EventId(command.getCommandId()));
    call.log("command", command.getAction().name());
    Acknowledgement.await(sink.publish(Topics.TASK_COMMANDS, command.getQueue(), command, context));
  }
}
