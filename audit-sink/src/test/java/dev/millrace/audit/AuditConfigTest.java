package dev.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditConfigTest {

  @Test
  void anEmptyEnvironmentGivesTheDefaults() {
    AuditConfig config = AuditConfig.from(Environment.of(Map.of()));

    assertThat(config.batchRows()).isEqualTo(5_000);
    assertThat(config.batchBytes()).isEqualTo(8 << 20);
    assertThat(config.consumers()).isEqualTo(1);
    assertThat(config.furtherTopics()).isEmpty();
  }

  @Test
  void aPatternThatCannotBeReadIsNamed() {
    Environment environment = Environment.of(Map.of("AUDIT_TOPICS", "orders.("));

    assertThatThrownBy(() -> AuditConfig.from(environment))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("AUDIT_TOPICS")
        .hasMessageContaining("orders.(");
  }

  @Test
  void aBatchMustFitInMemory() {
    Environment environment = Environment.of(Map.of("AUDIT_BATCH_BYTES", "1GB"));

    assertThatThrownBy(() -> AuditConfig.from(environment))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("AUDIT_BATCH_BYTES");
  }
}
