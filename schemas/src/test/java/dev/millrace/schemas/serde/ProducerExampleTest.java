package dev.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.net.URI;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** The Java producer of {@code docs/producing-events.md}. */
class ProducerExampleTest {

  @Test
  void aTaskIsRequestedFromJava() throws Exception {
    try (FakeRegistry registry = new FakeRegistry()) {
      URI registryUrl = registry.url();

      // docs/producing-events.md
      Serializer<SpecificRecord> serializer =
          EventSerdes.of(RegistryConfig.apicurio(registryUrl)).serializer();
      MockProducer<String, SpecificRecord> producer = producer(serializer);
      String taskId = UUID.randomUUID().toString();
      TaskRequest request =
          TaskRequest.newBuilder()
              .setTaskId(taskId)
              .setTaskType("documentation")
              .setDescription("Document the public API")
              .setPriority(Priority.HIGH)
              .setContext(
                  TaskContext.newBuilder()
                      .setRepository("acme/site")
                      .setFilePath("docs/api.md")
                      .build())
              .build();
      EventContext context = EventContext.start("billing", TraceContext.start());
      RecordMetadata written =
          producer.send(EventHeaders.record(Topics.TASK_REQUESTS, taskId, request, context)).get();
      // end

      assertThat(written.topic()).isEqualTo("task.requests");
      Deserializer<TaskRequest> reader =
          EventSerdes.of(RegistryConfig.apicurio(registryUrl)).deserializer(Topics.TASK_REQUESTS);
      assertThat(
              reader.deserialize("task.requests", serializer.serialize("task.requests", request)))
          .isEqualTo(request);
      producer.close();
    }
  }

  private static MockProducer<String, SpecificRecord> producer(
      Serializer<SpecificRecord> serializer) {
    return new MockProducer<>(true, null, new StringSerializer(), serializer);
  }
}
