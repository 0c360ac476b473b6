package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a page sees of anomalies while they happen, by either way to the live stream. */
@ExtendWith(WithMillrace.class)
class LiveEventsIT {

  private static final String TOPICS = "?topics=health.anomalies,remediation.analyses";

  private final String project = "live-" + UUID.randomUUID();

  @Test
  void anAnomalyAndItsAnalysisComeAsServerSentEvents(Millrace millrace) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      // given
      HttpResponse<InputStream> stream =
          http.send(
              millrace
                  .gateway()
                  .request("/api/events/stream" + TOPICS)
                  .header("X-API-Key", millrace.gateway().apiKey())
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      List<String> lines = new CopyOnWriteArrayList<>();
      Thread reader = Thread.ofVirtual().start(() -> read(stream.body(), lines));

      // when
      trigger(millrace);

      // then
      eventually()
          .untilAsserted(() ->
              assertThat(lines)
                  .anyMatch(line -> isOf(line, "health.anomalies"))
                  .anyMatch(line -> isOf(line, "remediation.analyses")));
      stream.body().close();
      reader.join();
    }
  }

  @Test
  void anAnomalyAndItsAnalysisComeOverAWebSocket(Millrace millrace) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      // given
      List<String> messages = new CopyOnWriteArrayList<>();
      URI address = millrace.gateway().uri().resolve("/api/events/ws" + TOPICS);
      WebSocket socket =
          http.newWebSocketBuilder()
              .header("X-API-Key", millrace.gateway().apiKey())
              .buildAsync(
                  URI.create(address.toString().replaceFirst("^http", "ws")),
                  new Listener(messages))
              .join();

      // when
      trigger(millrace);

      // then
      eventually()
          .untilAsserted(() ->
              assertThat(messages)
                  .anyMatch(message -> isOf(message, "health.anomalies"))
                  .anyMatch(message -> isOf(message, "remediation.analyses")));
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "seen").join();
    }
  }

  private void trigger(Millrace millrace) {
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/test/anomaly",
                "{\"projectName\": \"%s\", \"type\": \"high_memory\"}".formatted(project));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private boolean isOf(String text, String topic) {
    return text.contains("\"topic\":\"" + topic + "\"") && text.contains(project);
  }

  private static void read(InputStream stream, List<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("closed");
    }
  }

  /** Collects messages that may come in parts. */
  private static final class Listener implements WebSocket.Listener {

    private final List<String> messages;
    private final StringBuilder part = new StringBuilder();

    Listener(List<String> messages) {
      this.messages = messages;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        messages.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
