package dev.millrace.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.gateway.http.ProblemException;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveEventsTest {

  private final LiveEvents events = new LiveEvents(new StreamConfig(2, 3));

  @Test
  void aClientGetsTheTopicsItWants() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LiveEvents.Client client = events.connect(Set.of("task.events"));
    Thread writer = Thread.ofVirtual().start(() -> write(client, out));

    events.publish(LiveEvent.of("health.statuses", "health.statuses/0/1", "{}"));
    events.publish(LiveEvent.of("task.events", "task.events/0/7", "{\"a\":1}"));

    await().until(() -> out.toString(UTF_8).contains("task.events"));
    events.close();
    writer.join();
    assertThat(out.toString(UTF_8))
        .contains("id: task.events/0/7\nevent: task.events\ndata: {\"a\":1}\n\n")
        .doesNotContain("health.statuses");
  }

  @Test
  void aClientThatIsTooSlowIsDisconnected() {
    events.connect(Set.of());

    for (int i = 0; i <= 3; i++) {
      events.publish(LiveEvent.of("task.events", "task.events/0/" + i, "{}"));
    }

    assertThat(events.isWatched()).isFalse();
  }

  @Test
  void onlySoManyClientsAreLetIn() {
    events.connect(Set.of());
    events.connect(Set.of());

    assertThatThrownBy(() -> events.connect(Set.of())).isInstanceOf(ProblemException.class);
  }

  private static void write(LiveEvents.Client client, ByteArrayOutputStream out) {
    try {
      client.write(out);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
