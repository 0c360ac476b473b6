package dev.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.QueueRules;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.queue.QueueSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterConfigTest {

  @Test
  void aQueueStartsUnpausedWithOneTaskAtATimeAndStopsOnFailure() {
    RouterConfig config = RouterConfig.from(Environment.of(Map.of()));

    assertThat(config.rules().configured())
        .containsOnlyKeys(
            new QueueName("claude"), new QueueName("chatgpt"), new QueueName("javari"));
    QueueSettings settings = settings(config, "claude");
    assertThat(settings.maxConcurrent()).isEqualTo(1);
    assertThat(settings.stopOnFailure()).isTrue();
  }

  @Test
  void settingsOfOneQueueWinOverThoseOfAll() {
    RouterConfig config =
        RouterConfig.from(
            Environment.of(
                Map.of(
                    "QUEUE_MAX_CONCURRENT", "4",
                    "QUEUE_AGEING", "2m",
                    "QUEUE_SETTINGS", "claude.max_concurrent=64,claude.stop_on_failure=false")));

    assertThat(settings(config, "claude").maxConcurrent()).isEqualTo(64);
    assertThat(settings(config, "claude").stopOnFailure()).isFalse();
    assertThat(settings(config, "claude").ageing()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings(config, "chatgpt").maxConcurrent()).isEqualTo(4);
  }

  @Test
  void aQueueWhoseAgentIsNoLongerRoutedToHasTheUsualSettingsAndDispatchesNothing() {
    RouterConfig config =
        RouterConfig.from(
            Environment.of(
                Map.of(
                    "QUEUE_MAX_ATTEMPTS", "7",
                    "QUEUE_SETTINGS",
                        "claude.max_attempts=1,chatgpt.max_attempts=2,javari.max_attempts=4",
                    "AGENT_FALLBACKS", "claude=chatgpt,chatgpt=javari,javari=claude")));

    QueueRules rules = config.rules().of(new QueueName("gone@acme"));

    assertThat(rules.defaults().retry().maxAttempts()).isEqualTo(7);
    assertThat(rules.dispatching()).isFalse();
    assertThat(rules.fallback()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "QUEUE_SETTINGS | nobody.max_concurrent=2 | nobody",
        "QUEUE_SETTINGS | claude.colour=red | colour",
        "QUEUE_SETTINGS | claude.max_concurrent=many | max_concurrent",
        "QUEUE_SETTINGS | claude=2 | queue.setting=value",
        "QUEUE_SETTINGS | claude.paused=true | command",
        "QUEUE_MAX_CONCURRENT | -1 | QUEUE_MAX_CONCURRENT",
        "QUEUE_RETRY_MAX_BACKOFF | 1ms | QUEUE_RETRY_MAX_BACKOFF",
        "RUN_LEASE | soon | RUN_LEASE",
        "AGENT_FALLBACKS | claude=nobody | nobody",
        "AGENT_FALLBACKS | claude=claude | two different",
        "CIRCUIT_MAX_OPEN | 1s | CIRCUIT_OPEN",
        "QUEUE_SETTINGS | claude@acme.max_concurrent=2 | claude@acme",
      })
  void aWrongVariableIsNamed(String variable, String value, String named) {
    Environment environment = Environment.of(Map.of(variable, value));

    assertThatThrownBy(() -> RouterConfig.from(environment))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(variable)
        .hasMessageContaining(named);
  }

  @Test
  void whatIsWrittenAsTextIsReadBack() {
    QueueSettings settings =
        QueueSettings.defaults().with(Map.of("deadline", "90s", "ageing", "0s", "capacity", "7"));

    assertThat(QueueSettings.defaults().with(settings.asMap())).isEqualTo(settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "250ms", "1500ms", "45s", "90s", "10m", "36h"})
  void aDurationIsWrittenAsPeopleWriteIt(String duration) {
    QueueSettings settings = QueueSettings.defaults().with(Map.of("deadline", duration));

    assertThat(settings.asMap()).containsEntry("deadline", duration);
  }

  private static QueueSettings settings(RouterConfig config, String queue) {
    return config.rules().of(new QueueName(queue)).defaults();
  }
}
