package dev.millrace.gateway.operation;

import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.receipt.KeyedCommands;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import java.time.Clock;

/**
 * Writes commands to queues. A command is obeyed once for its identity, and a call that comes again
 * under its {@code Idempotency-Key} is one command.
 */
public final class QueueCommands {

  /** Queue of a command that is meant for all of them. */
  public static final String EVERY_QUEUE = RoutingTable.EVERY_QUEUE;

  private final EventSink sink;
  private final KeyedCommands keyed;
  private final Clock clock;

  public QueueCommands(EventSink sink, KeyedCommands keyed, Clock clock) {
    this.sink = sink;
    this.keyed = keyed;
    this.clock = clock;
  }

  /** Answers a call that commands something. */
  public Answer answer(Call call, String client, Body said, KeyedCommands.Giving giving)
      throws InterruptedException {
    return keyed.answer(call, client, said.node().toString(), giving);
  }

  /**
   * Begins a command.
   *
   * @param id its identity
   * @param client who asks
   * @param queue queue that is meant, or {@value #EVERY_QUEUE}
   */
  public TaskCommand.Builder command(EventId id, String client, String queue, TaskAction action) {
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
