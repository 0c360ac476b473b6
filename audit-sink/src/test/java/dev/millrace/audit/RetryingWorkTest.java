package dev.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.share.Delivery;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.transaction.TransactionException;
import org.junit.jupiter.api.Test;

class RetryingWorkTest {

  private static final Delivery<String> DELIVERY =
      new Delivery<>(
          "replay.commands",
          "replay-1",
          "start",
          EventContext.start("test", TraceContext.of(new EventId("event-1"))),
          1);

  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final RetryingWork<String> work =
      new RetryingWork<>(
          delivery -> {
            if (!failures.isEmpty()) {
              throw failures.pop();
            }
            done.add(delivery.value());
          },
          Duration.ofMillis(1));

  @Test
  void aCommandWaitsUntilPostgresIsBackHoweverOftenThatFails() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      failures.push(new ConnectionException(new SQLTransientConnectionException("no connection")));
      failures.push(
          new TransactionException("cut off", new SQLException("the server stops", "57P01")));
    }

    work.process(DELIVERY);

    assertThat(done).containsExactly("start");
  }

  @Test
  void aStatementThatPostgresRefusesIsNotRepeated() {
    failures.push(new TransactionException("wrong", new SQLException("no such column", "42703")));

    assertThatThrownBy(() -> work.process(DELIVERY)).hasMessageContaining("wrong");

    assertThat(failures).isEmpty();
    assertThat(done).isEmpty();
  }
}
