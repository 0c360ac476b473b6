package dev.millrace.embedding.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.FakeApi.Responder;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import java.io.IOException;
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
  private final Deque<Responder> faults = new ArrayDeque<>();

  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final InMemoryStore store = new InMemoryStore();
  private String file = "The mill is open from nine to five.";
  private long size = file.length();
  private FakeApi github;

  @BeforeEach
  void start() {
    github = new FakeApi();
    github.answer(this::answer);
  }

  @AfterEach
  void stop() {
    github.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Responder fault = faults.poll();
    Responder answer = fault == null ? wellAt(exchange.getRequestURI().getPath()) : fault;
    answer.respond(exchange);
  }

  private Responder wellAt(String path) {
    if (path.contains("/commits/")) {
      return FakeApi.status(200, COMMIT);
    }
    if (path.contains("/contents/")) {
      String content = Base64.getEncoder().encodeToString(file.getBytes(UTF_8));
      return FakeApi.status(
          200,
          "{\"type\":\"file\",\"size\":%d,\"encoding\":\"base64\",\"content\":\"%s\"}"
              .formatted(size, content));
    }
    return FakeApi.status(200, "{\"default_branch\":\"main\"}");
  }

  private Outcome index() throws InterruptedException {
    Repositories repositories =
        Repositories.from(Environment.of(Map.of("GITHUB_API_URL", github.uri().toString())));
    Retryer retryer = new Retryer(Duration.ofMinutes(1), Duration.ofMinutes(15), pauses::add);
    return new Indexer(
            new RepositoryDocumentSource(repositories),
            Parsers.standard(),
            new FakeModel(),
            store,
            retryer,
            retryer,
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
    faults.add(FakeApi.status(429, "", "Retry-After", "7"));
    faults.add(FakeApi.status(403, "", "Retry-After", "11"));

    // when
    Outcome outcome = index();

    // then
    assertThat(outcome.status()).isEqualTo(Status.INDEXED);
    assertThat(outcome.commitSha()).isEqualTo("c0ffee");
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(11));
  }

  @Test
  void aRepositoryThatFailsIsTriedAgain() throws InterruptedException {
    faults.add(FakeApi.status(502, ""));

    assertThat(index().status()).isEqualTo(Status.INDEXED);
    assertThat(pauses).hasSize(1);
  }

  @Test
  void aRepositoryThatIsNotThereIsARejectionThatSaysWhatToCheck() {
    faults.add(FakeApi.status(404, ""));

    assertThatThrownBy(this::index)
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("not_found")
        .hasMessageContaining("acme/docs")
        .hasMessageContaining("GITHUB_TOKEN");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aRepositoryThatMayNotBeReadIsARejectionAndNotALimit() {
    faults.add(FakeApi.status(403, ""));

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
