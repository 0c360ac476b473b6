package dev.millrace.runtime.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutingTableTest {

  @Test
  void hasDefaults() {
    RoutingTable table = RoutingTable.from(Environment.of(Map.of()));

    assertThat(table.agentFor("documentation")).contains("claude");
    assertThat(table.agentFor("summary")).contains("chatgpt");
    assertThat(table.agentFor("support")).contains("javari");
    assertThat(table.agentFor("unheard-of")).isEmpty();
    assertThat(table.agents()).containsExactly("chatgpt", "claude", "javari");
  }

  @Test
  void isConfigured() {
    RoutingTable table =
        RoutingTable.from(Environment.of(Map.of("TASK_ROUTES", "code=my-agent, docs=other")));

    assertThat(table.agentByTaskType())
        .containsOnly(Map.entry("code", "my-agent"), Map.entry("docs", "other"));
    assertThat(table.taskTypes()).containsExactly("code", "docs");
  }

  @Test
  void anAgentThatCanHaveNoTopicIsRefused() {
    assertThatThrownBy(
            () -> RoutingTable.from(Environment.of(Map.of("TASK_ROUTES", "code=My Agent"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("TASK_ROUTES: ")
        .hasMessageContaining("'My Agent'");
  }
}
