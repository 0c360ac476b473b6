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

  @Test
  void agentsHaveAQueueForEachTenantWhereThatIsAskedFor() {
    RoutingTable table = RoutingTable.from(Environment.of(Map.of("TASK_TENANT_QUEUES", "claude")));

    assertThat(table.queueFor("claude", "acme")).isEqualTo("claude@acme");
    assertThat(table.queueFor("claude", null)).isEqualTo("claude");
    assertThat(table.queueFor("chatgpt", "acme")).isEqualTo("chatgpt");
    assertThat(table.isQueue("claude@acme")).isTrue();
    assertThat(table.isQueue("chatgpt@acme")).isFalse();
    assertThat(table.isQueue("claude@")).isFalse();
    assertThat(table.isQueue("nobody")).isFalse();
    assertThat(RoutingTable.agentOfQueue("claude@a@b")).isEqualTo("claude");
  }

  @Test
  void queuesOfTenantsAreThoseOfAgentsThatThereAre() {
    assertThatThrownBy(
            () -> RoutingTable.from(Environment.of(Map.of("TASK_TENANT_QUEUES", "claude,nobody"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("TASK_TENANT_QUEUES")
        .hasMessageContaining("nobody");
  }
}
