package dev.millrace.worker.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import org.junit.jupiter.api.Test;

class CommandCheckTest {

  @Test
  void aCommandToAnyRunIsLeftToWhoeverHasIt() {
    assertThatCode(() -> check("run-that-nobody-knows", AgentAction.KILL))
        .doesNotThrowAnyException();
  }

  @Test
  void aCommandThatNobodyCanObeyIsGivenUp() {
    assertThatThrownBy(() -> check(" ", AgentAction.KILL))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage("run_id: expected 1 to 256 characters, found a blank text");
    assertThatThrownBy(() -> check("run-1", AgentAction.UNKNOWN))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageStartingWith("action: expected KILL");
  }

  private static void check(String runId, AgentAction action) {
    AgentCommand command =
        AgentCommand.newBuilder().setCommandId("c-1").setRunId(runId).setAction(action).build();
    EventContext context = EventContext.start("test", TraceContext.start());
    new CommandCheck()
        .process(new Delivery<>(Topics.AGENT_COMMANDS.name(), runId, command, context, 1));
  }
}
