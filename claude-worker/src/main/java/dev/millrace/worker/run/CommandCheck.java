package dev.millrace.worker.run;

import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import dev.millrace.runtime.validation.EventFields;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;

/**
 * Gives up the commands that no worker can obey. Every worker reads every command, again at each
 * start ({@link KillListener}); in the group that does this check each is taken once, so that it
 * has one dead letter. A run that nobody knows may still come.
 */
public final class CommandCheck implements Work<AgentCommand> {

  @Override
  public void process(Delivery<AgentCommand> delivery) {
    AgentCommand command = delivery.value();
    EventFields.requireName("command_id", command.getCommandId());
    EventFields.requireName("run_id", command.getRunId());
    if (command.getAction() == AgentAction.UNKNOWN) {
      throw new InvalidEventException(
          "action: expected KILL, found one that this version does not know");
    }
  }
}
