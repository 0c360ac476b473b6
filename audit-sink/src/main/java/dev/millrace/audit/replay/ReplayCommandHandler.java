package dev.millrace.audit.replay;

import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.replay.ReplayCommand;
import dev.millrace.schemas.replay.ReplayRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes commands about replays; a command that a replay wrote again is none. */
public final class ReplayCommandHandler implements Work<ReplayCommand> {

  private static final Logger log = LoggerFactory.getLogger(ReplayCommandHandler.class);

  private final ReplayStore store;

  ReplayCommandHandler(ReplayStore store) {
    this.store = store;
  }

  @Override
  public void process(Delivery<ReplayCommand> delivery) {
    if (delivery.context().replayId() != null) {
      return;
    }
    ReplayCommand command = delivery.value();
    switch (command.getAction()) {
      case START -> store.add(command, request(command), delivery.context().trace().traceId());
      case CANCEL -> store.cancel(command.getReplayId());
      case UNKNOWN ->
          throw new WorkRejectedException("action: expected START or CANCEL; this sink is older");
    }
    log.atInfo()
        .addKeyValue("replay", command.getReplayId())
        .addKeyValue("action", command.getAction())
        .addKeyValue("requested_by", command.getRequestedBy())
        .log("took a command about a replay");
  }

  private static ReplayRequest request(ReplayCommand command) {
    if (command.getRequest() == null) {
      throw new WorkRejectedException("request: is required to start a replay");
    }
    return command.getRequest();
  }
}
