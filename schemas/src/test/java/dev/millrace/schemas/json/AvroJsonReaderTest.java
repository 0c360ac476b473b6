package dev.millrace.schemas.json;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.schemas.task.TaskRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroJsonReaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "+999999999-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z"})
  void aTimeThatIsNoneIsRefusedWithItsField(String time) {
    JsonNode request =
        new ObjectMapper()
            .createObjectNode()
            .put("task_id", "t-1")
            .put("task_type", "analysis")
            .put("description", "Hello")
            .put("requested_at", time);

    assertThatThrownBy(() -> AvroJsonReader.read(TaskRequest.getClassSchema(), request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("requested_at")
        .hasMessageContaining("expected a time");
  }
}
