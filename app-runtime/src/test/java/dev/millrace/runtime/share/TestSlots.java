package dev.millrace.runtime.share;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.ReadAgainMarks;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes slots whose deliveries are texts. */
final class TestSlots {

  private TestSlots() {}

  static ShareSlot<String> slot(
      Supplier<FakeShareConsumer> consumers, Work<String> work, ShareSlot.Occupancy occupancy) {
    EventPublisher publisher =
        new EventPublisher(
            "test-app",
            () ->
                new MockProducer<String, SpecificRecord>(
                    true, null, new StringSerializer(), (_, _) -> new byte[0]));
    publisher.start();
    return new ShareSlot<>(
        "test-slot",
        consumers::get,
        List.of("agent.assignments.claude"),
        new DeliveryHandler<>(
            (_, bytes) -> new String(bytes, UTF_8),
            new DeadLetters("test-app", publisher),
            work,
            ReadAgainMarks.NONE,
            ShareWorkerConfig.DEFAULT_MAX_DELIVERIES),
        occupancy);
  }
}
