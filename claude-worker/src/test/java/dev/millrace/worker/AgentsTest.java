package dev.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.Provider;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AgentsTest {

  private static final Set<String> AGENTS = new TreeSet<>(Set.of("chatgpt", "claude", "javari"));

  @Test
  void withoutKeysEveryAgentIsOffline() {
    assertThat(Agents.providers(Environment.of(Map.of()), AGENTS).values())
        .containsOnly(Provider.OFFLINE);
  }

  @Test
  void aKeyBringsItsProvider() {
    Map<String, String> keys =
        Map.of(
            "ANTHROPIC_API_KEY", "not-a-real-key",
            "OPENAI_API_KEY", "not-a-real-key",
            "JAVARI_AGENT_URL", "http://localhost:1");

    assertThat(Agents.providers(Environment.of(keys), AGENTS))
        .isEqualTo(
            Map.of(
                "claude", Provider.ANTHROPIC,
                "chatgpt", Provider.OPENAI,
                "javari", Provider.HTTP));
  }

  @Test
  void theConfigurationDecidesWhereItSpeaks() {
    Map<String, String> keys =
        Map.of("ANTHROPIC_API_KEY", "not-a-real-key", "AGENT_PROVIDERS", "claude=offline");

    assertThat(Agents.providers(Environment.of(keys), Set.of("claude")))
        .isEqualTo(Map.of("claude", Provider.OFFLINE));
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() ->
            Agents.providers(
                Environment.of(Map.of("AGENT_PROVIDERS", "claude=magic")), Set.of("claude")))
        .withMessageContaining("AGENT_PROVIDERS");
  }

  @Test
  void onlyAgentsThatAreRoutedToCanBeWorkedFor() {
    assertThat(WorkerConfig.from(Environment.of(Map.of("WORKER_AGENTS", "claude"))).agents())
        .containsExactly("claude");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> WorkerConfig.from(Environment.of(Map.of("WORKER_AGENTS", "clawed"))))
        .withMessageContaining("WORKER_AGENTS");
  }
}
