package dev.millrace.embedding.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.repository.Repositories;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A document is fetched over HTTP from a GitHub that is not at its best. */
class RepositoryFaultsTest {

  private static final String COMMIT =
      """
      {"sha":"c0ffee","commit":{"tree":{"sha":"7ee"},"committer":{"date":"2026-03-01T10:00:00Z"}}}
      """;

  /** What is answered instead, in order, before GitHub is well again. */
  private final Deque<Fault> faults = new ArrayDeque<>();

  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final InMemoryStore store = new InMemoryStore();
  private String file = "The mill is open from nine to five.";
  private long size = file.length();
  private HttpServer github;

  private record Fault(int status, Map<String, String> headers) {}

  @BeforeEach
  void start() throws IOException {
    github = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    github.createContext("/", this::answer);
    github.start();
  }

  @AfterEach
  void stop() {
    github.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Fault fault = faults.poll();
    if (fault != null) {
      fault.headers().forEach(exchange.getResponseHeaders()::add);
      exchange.sendResponseHeaders(fault.status(), -1);
      exchange.close();
      return;
    }
    String path = exchange.getRequestURI().getPath();
    String body = "{\"default_branch\":\"main\"}";
    if (path.contains("/commits/")) {
      body = COMMIT;
    } else if (path.contains("/contents/")) {
      body =
          "{\"type\":\"file\",\"size\":%d,\"encoding\":\"base64\",\"content\":\"%s\"}"
              .formatted(size, Base64.getEncoder().encodeToString(file.getBytes(UTF_8)));
    }
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Outcome index() throws InterruptedException {
    Repositories repositories =
        Repositories.from(
            Environment.of(
                Map.of("GITHUB_API_URL", "http://127.0.0.1:" + github.getAddress().getPort())));
    Patience patience = new Patience(Duration.ofMinutes(1), Duration.ofMinutes(15), pauses::add);
    return new Indexer(
            new RepositoryDocumentSource(repositories),
            Parsers.standard(),
            new FakeModel(),
            store,
            patience,
            patience,
            new EmbeddingPace(),
            new ChunkLimits(40, 8),
            10_000_000)
        .index(
            new IndexRequest(
                "change",
                new DocumentRef(
                    "github://acme/docs/a.md", null, "acme/docs", "a.md", null, null, null),
                null,
                null,
                new Action.Fetch(null)));
  }

  @Test
  void aRepositoryThatLimitsIsWaitedForAsLongAsItAsks() throws InterruptedException {
    // given
    faults.add(new Fault(429, Map.of("Retry-After", "7")));
    faults.add(new Fault(403, Map.of("Retry-After", "11")));

    // when
    Outcome outcome = index();

    // then
    assertThat(outcome.status()).isEqualTo(Status.INDEXED);
    assertThat(outcome.commitSha()).isEqualTo("c0ffee");
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(11));
  }

  @Test
  void aRepositoryThatFailsIsTriedAgain() throws InterruptedException {
    faults.add(new Fault(502, Map.of()));

    assertThat(index().status()).isEqualTo(Status.INDEXED);
    assertThat(pauses).hasSize(1);
  }

  @Test
  void aRepositoryThatIsNotThereIsARejectionThatSaysWhatToCheck() {
    faults.add(new Fault(404, Map.of()));

    assertThatThrownBy(this::index)
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("not_found")
        .hasMessageContaining("acme/docs")
        .hasMessageContaining("GITHUB_TOKEN");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aRepositoryThatMayNotBeReadIsARejectionAndNotALimit() {
    faults.add(new Fault(403, Map.of()));

    assertThatThrownBy(this::index)
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("forbidden");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aFileOfFiftyMegabytesIsRefusedByItsSizeAlone() {
    size = 50L << 20;
    file = "";

    assertThatThrownBy(this::index)
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("too_large")
        .hasMessageContaining(Long.toString(size));
  }
}
