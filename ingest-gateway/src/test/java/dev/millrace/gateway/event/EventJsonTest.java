package dev.millrace.gateway.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

class EventJsonTest {

  private static final TaskRequest REQUEST =
      TaskRequest.newBuilder()
          .setTaskId("t1")
          .setTaskType("code")
          .setDescription("x")
          .setPriority(Priority.HIGH)
          .setContext(TaskContext.newBuilder().setRepository("acme/docs").build())
          .setAttributes(Map.of("tone", "plain"))
          .setRequestedAt(Instant.parse("2026-01-23T10:00:00Z"))
          .build();

  private static final String JSON =
      "{\"task_id\":\"t1\",\"task_type\":\"code\",\"description\":\"x\",\"priority\":\"HIGH\","
          + "\"context\":{\"repository\":\"acme/docs\",\"file_path\":null,\"branch\":null},"
          + "\"title\":null,\"agent\":null,\"tenant\":null,\"attributes\":{\"tone\":\"plain\"},"
          + "\"idempotency_key\":null,\"parent_task_id\":null,\"deadline\":null,"
          + "\"requested_by\":null,\"requested_at\":\"2026-01-23T10:00:00Z\"}";

  @Test
  void aValueIsNaturalJson() {
    assertThat(EventJson.of(REQUEST).toString()).isEqualTo(JSON);
  }

  @Test
  void aValueReadWithoutItsClassIsTheSameJson() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new SpecificDatumWriter<>(TaskRequest.class).write(REQUEST, encoder);
    encoder.flush();
    GenericRecord generic =
        new GenericDatumReader<GenericRecord>(REQUEST.getSchema())
            .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));

    assertThat(EventJson.of(generic).toString()).isEqualTo(JSON);
  }

  @Test
  void aTextThatHoldsJsonIsThatJson() {
    PlatformEvent event =
        PlatformEvent.newBuilder()
            .setEventType("blueprint_updated")
            .setSource("s")
            .setData("{\"chunks_added\": 5}")
            .build();

    assertThat(EventJson.of(event).at("/data/chunks_added").asInt()).isEqualTo(5);
  }
}
