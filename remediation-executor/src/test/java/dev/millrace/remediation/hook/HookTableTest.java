package dev.millrace.remediation.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookTableTest {

  @Test
  void aHookForTheProjectWinsOverOneForAll() {
    HookTable table =
        table(
            """
            [{"project": "email-blast", "action": "restart_service",
              "command": ["/opt/restart.sh", "now"], "timeout": "10s", "idempotent": true},
             {"project": "*", "action": "restart_service",
              "http": {"url": "http://localhost:9000/{project}/{action}"}}]\
            """);

    assertThat(table.find("email-blast", "restart_service"))
        .contains(
            new Hook.RunCommand(List.of("/opt/restart.sh", "now"), Duration.ofSeconds(10), true));
    assertThat(table.find("chat bot", "restart_service"))
        .contains(
            new Hook.CallHttp(
                "POST",
                URI.create("http://localhost:9000/chat%20bot/restart_service"),
                Map.of(),
                Duration.ofSeconds(30),
                false));
    assertThat(table.find("email-blast", "clear_cache")).isEmpty();
  }

  @Test
  void withoutHooksNothingIsDone() {
    assertThat(HookTable.from(Environment.of(Map.of())).size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "{}",
        "[{\"project\":\"a\",\"action\":\"b\"}]",
        "[{\"project\":\"a\",\"action\":\"b\",\"command\":[]}]",
        "[{\"project\":\"a\",\"action\":\"b\",\"command\":\"rm -rf\"}]",
        "[{\"project\":\"a\",\"action\":\"b\",\"command\":[\"x\"],\"shell\":true}]",
        "[{\"project\":\"a\",\"action\":\"b\",\"command\":[\"x\"],\"timeout\":\"1d\"}]",
        "[{\"project\":\"a\",\"action\":\"b\",\"http\":{\"url\":\"file:///etc/passwd\"}}]",
        "[{\"action\":\"b\",\"command\":[\"x\"]}]"
      })
  void whatIsNoHookIsRefused(String json) {
    assertThatThrownBy(() -> table(json))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("REMEDIATION_HOOKS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"Host\": \"test-secret\"", "\"X-Key\": \"test-secret\\n\""})
  void aHeaderThatCannotBeSentIsRefusedWithoutItsValue(String header) {
    String json =
        """
        [{"project": "a", "action": "b",
          "http": {"url": "http://localhost", "headers": {%s}}}]\
        """
            .formatted(header);

    assertThatThrownBy(() -> table(json))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("REMEDIATION_HOOKS[0].http.headers.")
        .hasMessageNotContaining("test-secret");
  }

  private static HookTable table(String json) {
    return HookTable.from(Environment.of(Map.of("REMEDIATION_HOOKS", json)));
  }
}
