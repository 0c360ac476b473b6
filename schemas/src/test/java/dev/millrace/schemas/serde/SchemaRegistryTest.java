package dev.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.catalogue.Topics;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryTest {

  private final FakeRegistry fake;
  private final SchemaRegistry registry;

  SchemaRegistryTest() throws IOException {
    fake = new FakeRegistry();
    registry =
        new SchemaRegistry(
            RegistryConfig.apicurio(fake.url()).withPatience(Duration.ofMillis(300)));
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  @Test
  void aSchemaIsAskedForOnce() {
    int id = fake.add(Topics.PLATFORM_EVENTS.schema());

    assertThat(registry.schema(id)).isEqualTo(Topics.PLATFORM_EVENTS.schema());
    fake.close();

    assertThat(registry.schema(id)).isEqualTo(Topics.PLATFORM_EVENTS.schema());
  }

  @Test
  void registersTheSchemaOfATopic() {
    int id = registry.register(Topics.TASK_REQUESTS);

    assertThat(registry.schema(id)).isEqualTo(Topics.TASK_REQUESTS.schema());
    assertThat(fake.requests())
        .contains("POST /apis/ccompat/v7/subjects/task.requests-value/versions");
  }

  @Test
  void aSchemaThatTheRegistryRefusesIsNoOutage() {
    fake.failWith(409);

    assertThatThrownBy(() -> registry.register(Topics.TASK_REQUESTS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("refused the schema of task.requests with status 409");
  }

  @Test
  void aTopicWithoutASchemaHasNoLatest() {
    assertThat(registry.latest(Topics.TASK_REQUESTS)).isEmpty();
  }

  @Test
  void tellsWhetherItAnswers() {
    assertThat(registry.isAvailable()).isTrue();
    fake.failWith(500);
    assertThat(registry.isAvailable()).isFalse();
    fake.close();
    assertThat(registry.isAvailable()).isFalse();
  }

  @Test
  void aRegistryThatRefusesTheCallerIsUnavailableNotUnknown() {
    fake.failWith(401);

    assertThatThrownBy(() -> registry.schema(1))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("status 401");
    assertThatThrownBy(() -> registry.latest(Topics.TASK_REQUESTS))
        .isInstanceOf(RegistryUnavailableException.class);
  }
}
