package dev.millrace.learning.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.runtime.redaction.Secret;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningSignalRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalCollectorTest {

  private static final String OK = "{\"ok\": true, \"data\": {\"focus\": \"Graphs\"}}";

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Map<String, List<String>>> requests = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<LearningSignal> written = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private HttpServer server;

  private record Answer(int status, Map<String, String> headers, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/agents/clo", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
  }

  @Test
  void anAgentIsAskedAsAgreed() throws InterruptedException {
    answers.add(new Answer(200, Map.of("ETag", "\"v2\""), OK));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(requests)
        .singleElement()
        .satisfies(headers -> {
          assertThat(headers.get("Authorization")).containsExactly("Bearer test-secret");
          assertThat(headers.get("X-idempotency-key")).containsExactly("request-1");
          assertThat(headers.get("If-none-match")).containsExactly("\"v1\"");
          assertThat(headers.get("Content-type")).containsExactly("application/json");
        });
    assertThat(written)
        .singleElement()
        .satisfies(signal -> {
          assertThat(signal.getOk()).isTrue();
          assertThat(signal.getData()).isEqualTo("{\"focus\":\"Graphs\"}");
          assertThat(signal.getEtag()).isEqualTo("\"v2\"");
          assertThat(signal.getRequestId()).isEqualTo("request-1");
        });
  }

  @Test
  void anEtagThatThePlannerWouldNotTakeIsLeftOut() throws InterruptedException {
    answers.add(new Answer(200, Map.of("ETag", "x".repeat(257)), OK));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(written.getFirst().getEtag()).isNull();
    assertThat(written.getFirst().getData()).isEqualTo("{\"focus\":\"Graphs\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {"ok": true}                     | {}
          {"ok": true, "data": null}       | null
          {"ok": true, "data": ["a", "b"]} | ["a","b"]
          {"ok": true, "data": "a text"}   | "a text"
          """)
  void anAgentMayAnswerAnyJson(String answer, String data) throws InterruptedException {
    answers.add(new Answer(200, Map.of(), answer));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(written.getFirst().getOk()).isTrue();
    assertThat(written.getFirst().getData()).isEqualTo(data);
  }

  @Test
  void aSignalSaysWhichIntentItIsAbout() throws InterruptedException {
    answers.add(new Answer(200, Map.of(), OK));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(written.getFirst().getIntentId()).isEqualTo("intent-1");
    assertThat(written.getFirst().getUnchanged()).isFalse();
  }

  @Test
  void whatAHeaderCannotCarryIsEncodedOrLeftOut() throws InterruptedException {
    answers.add(new Answer(200, Map.of(), OK));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "v1\nX-Evil: 1", "request 1\n"));

    assertThat(requests)
        .singleElement()
        .satisfies(headers -> {
          assertThat(headers.get("X-idempotency-key")).containsExactly("request%201%0A");
          assertThat(headers).doesNotContainKey("If-none-match");
        });
  }

  @Test
  void anUnchangedSignalKeepsItsEtag() throws InterruptedException {
    answers.add(new Answer(304, Map.of(), ""));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(written.getFirst().getOk()).isTrue();
    assertThat(written.getFirst().getUnchanged()).isTrue();
    assertThat(written.getFirst().getEtag()).isEqualTo("\"v1\"");
  }

  @Test
  void aFailingAgentIsAskedAgainAfterPausesThatDouble() throws InterruptedException {
    answers.addAll(List.of(failing(500), failing(502), failing(503), failing(500)));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(pauses)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(written.getFirst().getOk()).isFalse();
    assertThat(written.getFirst().getCode()).isEqualTo("HTTP_500");
  }

  @Test
  void aBusyAgentIsAskedAgainWhenItSays() throws InterruptedException {
    answers.add(new Answer(429, Map.of("Retry-After", "7"), ""));
    answers.add(new Answer(200, Map.of(), OK));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(pauses).containsExactly(Duration.ofSeconds(7));
    assertThat(written.getFirst().getOk()).isTrue();
  }

  @Test
  void anAgentThatIsBusyForLongHasFailed() throws InterruptedException {
    answers.add(new Answer(429, Map.of("Retry-After", "3600"), ""));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(written.getFirst().getCode()).isEqualTo("RATE_LIMITED");
    assertThat(pauses).isEmpty();
  }

  @Test
  void anAgentThatRefusesIsNotAskedAgain() throws InterruptedException {
    answers.add(
        new Answer(200, Map.of(), "{\"ok\":false,\"error\":\"none\",\"code\":\"NO_DATA\"}"));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(requests).hasSize(1);
    assertThat(written.getFirst().getCode()).isEqualTo("NO_DATA");
    assertThat(written.getFirst().getError()).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 403, 500})
  void whatAnAgentSaysAboutItsFailureIsKeptWhateverTheStatus(int status)
      throws InterruptedException {
    answers.add(
        new Answer(
            status, Map.of(), "{\"ok\":false,\"error\":\"no consent\",\"code\":\"NO_CONSENT\"}"));

    collector(Duration.ofSeconds(5), List.of()).process(delivery("clo", "\"v1\""));

    assertThat(written.getFirst().getCode()).isEqualTo("NO_CONSENT");
    assertThat(written.getFirst().getError()).isEqualTo("no consent");
  }

  @Test
  void anAnswerThatIsTooLargeIsNotAskedForAgain() throws InterruptedException {
    answers.add(new Answer(200, Map.of(), OK + " ".repeat(3 << 20)));

    collector(Duration.ofSeconds(5)).process(delivery("clo", "\"v1\""));

    assertThat(written.getFirst().getCode()).isEqualTo("TOO_LARGE");
    assertThat(pauses).isEmpty();
  }

  @Test
  void anAgentThatStopsInTheMiddleOfItsAnswerHasFailed() throws InterruptedException {
    server.createContext(
        "/agents/ta",
        exchange -> {
          exchange.sendResponseHeaders(200, OK.length());
          exchange.getResponseBody().write(OK.getBytes(StandardCharsets.UTF_8), 0, 5);
          exchange.getResponseBody().flush();
          await();
        });

    collector(Duration.ofMillis(200), List.of()).process(delivery("ta", "\"v1\""));

    assertThat(written.getFirst().getCode()).isEqualTo("TIMEOUT");
  }

  @Test
  void anAgentThatDoesNotAnswerInTimeHasFailed() throws InterruptedException {
    server.createContext("/agents/ta", exchange -> await());

    collector(Duration.ofMillis(50), List.of()).process(delivery("ta", "\"v1\""));

    assertThat(written.getFirst().getCode()).isEqualTo("TIMEOUT");
  }

  @Test
  void anUnknownAgentIsRefused() {
    SignalCollector collector = collector(Duration.ofSeconds(5));

    assertThatThrownBy(() -> collector.process(delivery("../admin", "\"v1\"")))
        .isInstanceOf(WorkRejectedException.class);
  }

  private SignalCollector collector(Duration timeout) {
    return collector(
        timeout, List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)));
  }

  private SignalCollector collector(Duration timeout, List<Duration> backoff) {
    CollectorConfig config =
        new CollectorConfig(
            URI.create("http://localhost:" + server.getAddress().getPort() + "/"),
            "/agents/{agent}",
            new Secret("test-secret"),
            timeout,
            backoff,
            1,
            1_000);
    return new SignalCollector(
        new AgentClient(HttpClient.newHttpClient(), config, pauses::add, new SimpleMeterRegistry()),
        (signal, _) -> written.add(signal));
  }

  private static Delivery<LearningSignalRequest> delivery(String agent, String etag) {
    return delivery(agent, etag, "request-1");
  }

  private static Delivery<LearningSignalRequest> delivery(
      String agent, String etag, String requestId) {
    LearningSignalRequest request =
        LearningSignalRequest.newBuilder()
            .setRequestId(requestId)
            .setUserId("user-1")
            .setAgent(agent)
            .setIntentId("intent-1")
            .setTopic("Machine Learning")
            .setDepth("informed")
            .setWeek(1)
            .setDay(1)
            .setIfNoneMatch(etag)
            .setRequestedAt(Instant.now())
            .build();
    return new Delivery<>(
        "learning.signal-requests",
        "user-1",
        request,
        EventContext.start("test", TraceContext.start()),
        1);
  }

  private static Answer failing(int status) {
    return new Answer(status, Map.of(), "");
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(Map.copyOf(exchange.getRequestHeaders()));
    Answer answer = answers.removeFirst();
    answer.headers().forEach(exchange.getResponseHeaders()::add);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    try (exchange) {
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
