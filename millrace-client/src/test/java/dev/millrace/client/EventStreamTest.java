package dev.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  private static final String FIRST = "id: 1\nevent: log\ndata: {\"n\":1}\n\n";
  private static final String LAST =
      "id: 2\nevent: log\ndata: {\"n\":2}\n\nevent: end\ndata: {}\n\n";

  private final Deque<Supplier<InputStream>> answers = new ArrayDeque<>();
  private final List<Optional<String>> askedAfter = new ArrayList<>();

  private EventStream stream() {
    return EventStream.resumable(
        last -> {
          askedAfter.add(last);
          return answers.remove().get();
        },
        Duration.ZERO);
  }

  private void answers(String text) {
    answers.add(() -> new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private void refuses(int status) {
    answers.add(() -> {
      throw new MillraceException(status, "", "", "made up", List.of(), null, null);
    });
  }

  @Test
  void aGatewayThatIsAwayForAWhileIsAskedAgain() {
    answers(FIRST);
    refuses(MillraceException.NO_ANSWER);
    refuses(502);
    refuses(503);
    refuses(504);
    answers(LAST);

    List<Integer> seen = new ArrayList<>();
    try (EventStream events = stream()) {
      events.forEachRemaining(event -> seen.add(event.data().path("n").asInt()));
    }

    assertThat(seen).containsExactly(1, 2);
    assertThat(askedAfter.subList(1, askedAfter.size())).containsOnly(Optional.of("1"));
  }

  @Test
  void aConnectionThatBreaksBeforeTheFirstEventIsOpenedAgainFromTheBeginning() {
    answers(": still here\n\n");
    answers(FIRST + LAST);

    List<Integer> seen = new ArrayList<>();
    try (EventStream events = stream()) {
      events.forEachRemaining(event -> seen.add(event.data().path("n").asInt()));
    }

    assertThat(seen).containsExactly(1, 2);
    assertThat(askedAfter).containsExactly(Optional.empty(), Optional.empty());
  }

  @Test
  void aGatewayThatStaysAwayEndsTheStream() {
    answers(FIRST);
    for (int tries = 0; tries < 20; tries++) {
      refuses(503);
    }

    try (EventStream events = stream()) {
      events.next();

      assertThatThrownBy(events::hasNext)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("broke off");
      assertThat(events.hasNext()).isFalse();
    }
    assertThat(askedAfter).hasSize(21);
  }

  @Test
  void aRefusalThatStaysEndsTheStreamAtOnce() {
    answers(FIRST);
    refuses(404);

    try (EventStream events = stream()) {
      events.next();

      assertThatThrownBy(events::hasNext)
          .isInstanceOfSatisfying(
              MillraceException.class, refused -> assertThat(refused.status()).isEqualTo(404));
    }
  }
}
