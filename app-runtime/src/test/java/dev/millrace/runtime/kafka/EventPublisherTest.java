package dev.millrace.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EventPublisherTest {

  private static final PlatformEvent EVENT =
      PlatformEvent.newBuilder().setEventType("x").setSource("billing").build();
  private static final EventContext CONTEXT = EventContext.start("test", TraceContext.start());

  @Test
  void anEventIsWrittenWhenTheBrokerHasIt() {
    MockProducer<String, SpecificRecord> producer = producer((_, _) -> new byte[0]);
    CompletableFuture<RecordMetadata> written =
        started(producer).publish(Topics.PLATFORM_EVENTS, "billing", EVENT, CONTEXT);
    assertThat(written).isNotDone();

    assertThat(producer.completeNext()).isTrue();

    assertThat(written).isCompleted();
    assertThat(producer.history().getFirst().value()).isEqualTo(EVENT);
    assertThat(producer.history().getFirst().headers().lastHeader("ce_id").value())
        .asString()
        .isEqualTo(CONTEXT.id().value());
  }

  @Test
  void anEventThatNoBrokerAcknowledgedHasFailed() {
    MockProducer<String, SpecificRecord> producer = producer((_, _) -> new byte[0]);
    CompletableFuture<RecordMetadata> written =
        started(producer).publish(Topics.PLATFORM_EVENTS, "billing", EVENT, CONTEXT);

    assertThat(producer.errorNext(new TimeoutException("120000 ms"))).isTrue();

    assertThatThrownBy(written::join)
        .hasCauseInstanceOf(PublishException.class)
        .hasMessageContaining("could not write to platform.events: 120000 ms");
  }

  @Test
  void anEventThatCannotBeEncodedHasFailed() {
    MockProducer<String, SpecificRecord> producer =
        producer((_, _) -> {
          throw new SerializationException("no registry");
        });

    assertThatThrownBy(() ->
            started(producer).publishAndWait(Topics.PLATFORM_EVENTS, "billing", EVENT, CONTEXT))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("no registry");
  }

  @Test
  void aPublisherThatIsNotStartedSaysSo() {
    EventPublisher publisher =
        new EventPublisher("test-app", () -> producer((_, _) -> new byte[0]));

    assertThatThrownBy(() -> publisher.publish(Topics.PLATFORM_EVENTS, "k", EVENT, CONTEXT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the publisher of test-app is not started");
  }

  @Test
  void stoppingClosesTheProducer() {
    MockProducer<String, SpecificRecord> producer = producer((_, _) -> new byte[0]);
    EventPublisher publisher = started(producer);

    publisher.stop();

    assertThat(producer.closed()).isTrue();
  }

  private static EventPublisher started(MockProducer<String, SpecificRecord> producer) {
    EventPublisher publisher = new EventPublisher("test-app", () -> producer);
    publisher.start();
    return publisher;
  }

  private static MockProducer<String, SpecificRecord> producer(
      Serializer<SpecificRecord> serializer) {
    return new MockProducer<>(false, null, new StringSerializer(), serializer);
  }
}
