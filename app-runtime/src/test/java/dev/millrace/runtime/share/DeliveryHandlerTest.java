package dev.millrace.runtime.share;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.millrace.runtime.failure.Outage;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.ReadAgainMarks;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.serde.WireFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeliveryHandlerTest {

  private static final int MAX_DELIVERIES = 3;

  private final List<Delivery<String>> delivered = new ArrayList<>();

  @Test
  void workThatReturnsIsAccepted() {
    MockProducer<String, SpecificRecord> producer = producer(true);

    assertThat(
            handler(producer, delivered::add).handle(Records.delivery(7, "go", 2), 2, () -> false))
        .isEqualTo(AcknowledgeType.ACCEPT);

    Delivery<String> delivery = delivered.getFirst();
    assertThat(delivery.value()).isEqualTo("go");
    assertThat(delivery.key()).isEqualTo("task-1");
    assertThat(delivery.attempt()).isEqualTo(2);
    assertThat(delivery.context().id().value()).isEqualTo("agent.assignments.claude/0/7");
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void workThatFailsIsReleasedUntilItsDeliveriesAreUsedUp() {
    MockProducer<String, SpecificRecord> producer = producer(true);
    DeliveryHandler<String> handler = handler(producer, failing("no model"));

    assertThat(handler.handle(Records.delivery(7, "go", 1), 1, () -> false))
        .isEqualTo(AcknowledgeType.RELEASE);
    assertThat(handler.handle(Records.delivery(7, "go", 2), 2, () -> false))
        .isEqualTo(AcknowledgeType.RELEASE);
    assertThat(producer.history()).isEmpty();

    assertThat(handler.handle(Records.delivery(7, "go", 3), 3, () -> false))
        .isEqualTo(AcknowledgeType.ACCEPT);
    DeadLetter letter = letter(producer);
    assertThat(letter.getError()).isEqualTo("exhausted");
    assertThat(letter.getReason()).isEqualTo("failed 3 times, at last: no model");
    assertThat(letter.getAttempts()).isEqualTo(3);
    assertThat(letter.getTopic()).isEqualTo("agent.assignments.claude");
    assertThat(letter.getOffset()).isEqualTo(7);
    assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap("go".getBytes(UTF_8)));
    assertThat(producer.history().getFirst().key()).isEqualTo("task-1");
  }

  @Test
  void theWorkIsToldOfARecordThatIsGivenUp() {
    MockProducer<String, SpecificRecord> producer = producer(true);
    List<String> told = new ArrayList<>();
    Work<String> work =
        new Work<>() {
          @Override
          public void process(Delivery<String> delivery) {
            throw new IllegalStateException("no model");
          }

          @Override
          public void givenUp(Delivery<String> delivery, String reason) {
            told.add(delivery.value() + ": " + reason);
          }
        };

    handler(producer, work).handle(Records.delivery(7, "go", 2), 2, () -> false);
    assertThat(told).isEmpty();
    handler(producer, work).handle(Records.delivery(7, "go", 3), 3, () -> false);
    handler(producer, work).handle(Records.delivery(8, "stop", 4), 4, () -> false);

    assertThat(told)
        .containsExactly(
            "go: failed 3 times, at last: no model", "stop: delivered 3 times without an end");
  }

  @Test
  void anOutageIsLoggedInASentenceAndADefectWithItsTrace() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger(DeliveryHandler.class);
    log.setLevel(Level.WARN);
    log.addAppender(lines);
    try {
      handler(
              producer(true),
              _ -> {
                throw new Away("the host mill.example is not known");
              })
          .handle(Records.delivery(7, "go", 1), 1, () -> false);
      handler(producer(true), failing("a defect"))
          .handle(Records.delivery(8, "go", 1), 1, () -> false);
    } finally {
      log.detachAppender(lines);
      log.setLevel(null);
    }

    assertThat(lines.list)
        .extracting(line -> line.getThrowableProxy() == null)
        .containsExactly(true, false);
    assertThat(lines.list.getFirst().getKeyValuePairs())
        .anySatisfy(pair -> assertThat(pair.value).isEqualTo("the host mill.example is not known"));
  }

  private static final class Away extends RuntimeException implements Outage {
    private static final long serialVersionUID = 1L;

    Away(String message) {
      super(message);
    }
  }

  @Test
  void anErrorOfTheMachineIsAFailureLikeAnyOther() {
    DeliveryHandler<String> handler =
        handler(
            producer(true),
            _ -> {
              throw new NoClassDefFoundError("missing");
            });

    assertThat(handler.handle(Records.delivery(7, "go", 1), 1, () -> false))
        .isEqualTo(AcknowledgeType.RELEASE);
  }

  @Test
  void aDeliveryWhoseWorkersDiedIsGivenUpWithoutAnotherTry() {
    MockProducer<String, SpecificRecord> producer = producer(true);

    assertThat(
            handler(producer, delivered::add)
                .handle(Records.delivery(7, "go", 4), MAX_DELIVERIES + 1, () -> false))
        .isEqualTo(AcknowledgeType.ACCEPT);

    assertThat(delivered).isEmpty();
    assertThat(letter(producer).getReason()).isEqualTo("delivered 3 times without an end");
  }

  @Test
  void workThatRejectsIsADeadLetterAtOnce() {
    MockProducer<String, SpecificRecord> producer = producer(true);
    Work<String> rejecting =
        _ -> {
          throw new WorkRejectedException("expected an instruction");
        };

    assertThat(handler(producer, rejecting).handle(Records.delivery(7, "go", 1), 1, () -> false))
        .isEqualTo(AcknowledgeType.ACCEPT);

    assertThat(letter(producer).getError()).isEqualTo("invalid");
    assertThat(letter(producer).getReason()).isEqualTo("expected an instruction");
  }

  @Test
  void aValueThatCannotBeReadIsADeadLetterAtOnce() {
    MockProducer<String, SpecificRecord> producer = producer(true);
    DeliveryHandler<String> handler =
        new DeliveryHandler<>(
            (_, bytes) -> "schema " + WireFormat.schemaId(bytes),
            deadLetters(producer),
            delivered::add,
            ReadAgainMarks.NONE,
            MAX_DELIVERIES);

    assertThat(handler.handle(Records.delivery(7, "text", 1), 1, () -> false))
        .isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(letter(producer).getError()).isEqualTo("undecodable");
  }

  @Test
  void aTombstoneIsADeadLetter() {
    MockProducer<String, SpecificRecord> producer = producer(true);

    assertThat(
            handler(producer, delivered::add).handle(Records.delivery(7, null, 1), 1, () -> false))
        .isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(letter(producer).getReason()).isEqualTo("expected a value, found a tombstone");
  }

  @Test
  void workThatWasTakenAwayIsNeverGivenUp() {
    MockProducer<String, SpecificRecord> producer = producer(true);
    Work<String> interrupted =
        _ -> {
          throw new InterruptedException();
        };

    assertThat(handler(producer, interrupted).handle(Records.delivery(7, "go", 3), 3, () -> true))
        .isEqualTo(AcknowledgeType.RELEASE);
    assertThat(producer.history()).isEmpty();
  }

  /** A release would use up a delivery, and the last one loses the record. */
  @Test
  void deadLettersThatCannotBeWrittenAreTriedAgain() {
    MockProducer<String, SpecificRecord> producer = producer(false);
    DeliveryHandler<String> handler = handler(producer, failing("no model"));

    CompletableFuture<AcknowledgeType> outcome =
        CompletableFuture.supplyAsync(
            () -> handler.handle(Records.delivery(7, "go", 3), 3, () -> false));
    Awaitility.await().until(() -> producer.errorNext(new TimeoutException("no broker")));
    Awaitility.await().until(producer::completeNext);

    assertThat(outcome.join()).isEqualTo(AcknowledgeType.ACCEPT);
    assertThat(producer.history()).hasSize(2);
  }

  @Test
  void aDeadLetterThatIsTooLargeIsWrittenWithoutItsValue() {
    MockProducer<String, SpecificRecord> producer = producer(false);
    DeliveryHandler<String> handler = handler(producer, failing("no model"));

    CompletableFuture<AcknowledgeType> outcome =
        CompletableFuture.supplyAsync(
            () -> handler.handle(Records.delivery(7, "go", 3), 3, () -> false));
    Awaitility.await().until(() -> producer.errorNext(new RecordTooLargeException("9 MB")));
    Awaitility.await().until(producer::completeNext);

    assertThat(outcome.join()).isEqualTo(AcknowledgeType.ACCEPT);
    DeadLetter letter = (DeadLetter) producer.history().getLast().value();
    assertThat(letter.getValue()).isNull();
    assertThat(letter.getReason()).startsWith("failed 3 times").contains("left out");
  }

  private static Work<String> failing(String message) {
    return _ -> {
      throw new IllegalStateException(message);
    };
  }

  private static MockProducer<String, SpecificRecord> producer(boolean autoComplete) {
    return new MockProducer<>(autoComplete, null, new StringSerializer(), (_, _) -> new byte[0]);
  }

  private static DeliveryHandler<String> handler(
      MockProducer<String, SpecificRecord> producer, Work<String> work) {
    return new DeliveryHandler<>(
        (_, bytes) -> bytes == null ? null : new String(bytes, UTF_8),
        deadLetters(producer),
        work,
        ReadAgainMarks.NONE,
        MAX_DELIVERIES);
  }

  private static DeadLetters deadLetters(MockProducer<String, SpecificRecord> producer) {
    EventPublisher publisher = new EventPublisher("test-app", () -> producer);
    publisher.start();
    return new DeadLetters("test-app", publisher);
  }

  private static DeadLetter letter(MockProducer<String, SpecificRecord> producer) {
    assertThat(producer.history()).hasSize(1);
    assertThat(producer.history().getFirst().topic()).isEqualTo("dead.letters");
    return (DeadLetter) producer.history().getFirst().value();
  }
}
