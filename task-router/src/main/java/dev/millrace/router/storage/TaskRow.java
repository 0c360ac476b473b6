package dev.millrace.router.storage;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.Position;
import dev.millrace.router.queue.RunId;
import dev.millrace.router.queue.Stage;
import dev.millrace.router.queue.Task;
import dev.millrace.router.queue.TaskId;
import dev.millrace.router.queue.Tenant;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A task as a row of the task table. */
final class TaskRow {

  private static final int VERSION = 3;

  /** Rows from then on say how often a task was approved. */
  private static final int WITH_APPROVALS = 2;

  /** Rows from then on say in whose turn it is served, and whether it was moved. */
  private static final int WITH_TENANTS = 3;

  private static final int WAITING = 0;
  private static final int DELAYED = 1;
  private static final int HELD = 2;
  private static final int RUNNING = 3;
  private static final int FINISHED = 4;
  private static final int ASKING = 5;

  private TaskRow() {}

  static byte[] write(Task task) {
    RowWriter row =
        new RowWriter(VERSION)
            .text(task.id().value())
            .text(task.type())
            .small(Codes.PRIORITY.of(task.priority()));
    writeOrigin(row, task.origin());
    row.small(Codes.PRIORITY.of(task.place().priority()))
        .number(task.place().sequence())
        .time(task.place().since())
        .timeOrNull(task.deadline())
        .number(task.attempt())
        .number(task.failures())
        .number(task.approvals())
        .text(task.place().tenant().name())
        .flag(task.moved());
    writeStage(row, task.stage());
    return row.toBytes();
  }

  static Task read(byte[] bytes) {
    RowReader row = new RowReader(bytes, VERSION);
    TaskId id = new TaskId(row.text());
    String type = row.text();
    Priority priority = Codes.PRIORITY.at(row.small());
    Task.Origin origin = readOrigin(row);
    Priority line = Codes.PRIORITY.at(row.small());
    long sequence = row.number();
    Instant since = row.time();
    Instant deadline = row.timeOrNull();
    int attempt = row.count();
    int failures = row.count();
    int approvals = row.version() < WITH_APPROVALS ? 0 : row.count();
    Tenant tenant = row.version() < WITH_TENANTS ? Tenant.NONE : Tenant.of(row.text());
    boolean moved = row.version() >= WITH_TENANTS && row.flag();
    Place place = new Place(line, tenant, sequence, since);
    return new Task(
        id,
        type,
        priority,
        origin,
        place,
        deadline,
        attempt,
        failures,
        approvals,
        moved,
        readStage(row));
  }

  private static void writeOrigin(RowWriter row, Task.Origin origin) {
    EventContext context = origin.context();
    row.text(context.id().value())
        .text(context.source())
        .time(context.time())
        .text(context.trace().traceparent())
        .textOrNull(context.replayId())
        .text(origin.position().toString());
  }

  private static Task.Origin readOrigin(RowReader row) {
    EventContext context =
        new EventContext(
            new EventId(row.text()),
            row.text(),
            row.time(),
            TraceContext.parse(row.text()).orElseThrow(),
            row.textOrNull());
    return new Task.Origin(context, Position.parse(row.text()));
  }

  private static void writeStage(RowWriter row, Stage stage) {
    switch (stage) {
      case Stage.Waiting _ -> row.small(WAITING);
      case Stage.Delayed delayed -> row.small(DELAYED).time(delayed.until());
      case Stage.Held _ -> row.small(HELD);
      case Stage.Asking asking -> row.small(ASKING).time(asking.until());
      case Stage.Running running -> {
        row.small(RUNNING)
            .text(running.run().value())
            .flag(running.started())
            .time(running.leaseUntil());
        writeEnding(row, running.ending());
      }
      case Stage.Finished finished ->
          row.small(FINISHED)
              .small(Codes.OUTCOME.of(finished.outcome()))
              .time(finished.at())
              .time(finished.forgetAt());
    }
  }

  private static Stage readStage(RowReader row) {
    int stage = row.small();
    return switch (stage) {
      case WAITING -> new Stage.Waiting();
      case DELAYED -> new Stage.Delayed(row.time());
      case HELD -> new Stage.Held();
      case ASKING -> new Stage.Asking(row.time());
      case RUNNING ->
          new Stage.Running(new RunId(row.text()), row.flag(), row.time(), readEnding(row));
      case FINISHED -> new Stage.Finished(Codes.OUTCOME.at(row.small()), row.time(), row.time());
      default -> throw new IllegalStateException("expected a stage, found " + stage);
    };
  }

  private static void writeEnding(RowWriter row, Stage.@Nullable Ending ending) {
    row.flag(ending != null);
    if (ending != null) {
      row.small(Codes.OUTCOME.of(ending.outcome())).text(ending.reason());
    }
  }

  private static Stage.@Nullable Ending readEnding(RowReader row) {
    return row.flag() ? new Stage.Ending(Codes.OUTCOME.at(row.small()), row.text()) : null;
  }
}
