package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.fixture.ScratchGit;
import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a local server that answers as GitHub does, and real repositories. */
class GithubRoutesTest {

  private static final String TOKEN = "not-a-real-token";

  @TempDir private Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean open;
  private volatile boolean merged;
  private volatile int failure;
  private HttpServer github;
  private GatewayFixture gateway;
  private Git local;

  @BeforeEach
  void start() throws Exception {
    Git.init().setBare(true).setDirectory(folder.resolve("remote").toFile()).call().close();
    local =
        ScratchGit.checkout(
            Files.createDirectory(folder.resolve("local")), Map.of("README.md", "# A\n"));
    github = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    github.createContext("/", this::answer);
    github.start();
    gateway =
        GatewayFixture.start(
            Map.of(
                "GITHUB_API_URL",
                "http://127.0.0.1:" + github.getAddress().getPort(),
                "GITHUB_TOKEN",
                TOKEN,
                "GITHUB_OWNER",
                "acme",
                "LOCAL_REPOSITORIES",
                "acme/docs=" + folder.resolve("local").toAbsolutePath()));
  }

  @AfterEach
  void stop() {
    gateway.close();
    github.stop(0);
    local.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(request);
    exchange.getRequestBody().readAllBytes();
    int status = failure == 0 ? 200 : failure;
    String body = failure == 0 ? body(request) : "{\"message\": \"no\"}";
    if (failure == 429) {
      exchange.getResponseHeaders().add("Retry-After", "7");
    }
    exchange.sendResponseHeaders(status, body.getBytes(UTF_8).length);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }

  private String body(String request) {
    String pull =
        """
        {"number": 5, "title": "T", "body": null, "state": "%s", "merged": %b,
         "head": {"ref": "work", "sha": "abc"}, "base": {"ref": "main"}, "html_url": "http://x/5"}
        """
            .formatted(merged ? "closed" : "open", merged);
    if (request.equals("GET /user")) {
      return "{\"login\": \"octocat\"}";
    }
    if (request.startsWith("PUT /repos/acme/docs/pulls/5/merge")) {
      merged = true;
      return "{\"merged\": true}";
    }
    if (request.startsWith("POST /repos/acme/docs/pulls")) {
      open = true;
      return pull;
    }
    if (request.startsWith("GET /repos/acme/docs/pulls/5")) {
      return pull;
    }
    if (request.startsWith("GET /repos/acme/docs/pulls?")) {
      return open ? "[" + pull + "]" : "[]";
    }
    return """
    {"default_branch": "main", "private": true, "html_url": "http://x", "clone_url": "%s"}
    """
        .formatted(folder.resolve("remote").toUri());
  }

  @Test
  void theStateOfTheConnectionIsToldWithoutTheToken() {
    Answer answer = gateway.getWithKey("/api/github/status");

    assertThat(answer.json().get("configured").booleanValue()).isTrue();
    assertThat(answer.json().get("login").asString()).isEqualTo("octocat");
    assertThat(answer.json().get("owner").asString()).isEqualTo("acme");
    assertThat(answer.text() + gateway.getWithKey("/api/github/clone-url/docs").text())
        .doesNotContain(TOKEN);
  }

  @Test
  void aRepositoryIsFoundByItsNameWithoutOwner() {
    Answer repository = gateway.getWithKey("/api/github/repo/docs");
    Answer branch = gateway.getWithKey("/api/github/repo/docs/default-branch");

    assertThat(repository.json().get("full_name").asString()).isEqualTo("acme/docs");
    assertThat(repository.json().get("private").booleanValue()).isTrue();
    assertThat(branch.json().get("default_branch").asString()).isEqualTo("main");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..%2F..", "..%2Fuser", "acme%2F..", "docs?owner=..", "%2E"})
  void aNameThatIsAnotherPathOfGitHubIsRefusedAndNotAskedFor(String name) {
    Answer answer = gateway.getWithKey("/api/github/repo/" + name);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void anAddressToCloneFromSaysThatItHasNoCredentials() {
    Answer answer = gateway.getWithKey("/api/github/clone-url/docs");

    assertThat(answer.json().get("authenticated").booleanValue()).isFalse();
  }

  @Test
  void tasksAndAgentsMayNameARepositoryWithoutItsOwner() {
    gateway.postWithKey(
        "/api/orchestrator",
        """
        {"taskType": "code", "payload": {"description": "x", "context": {"repository": "docs"}}}
        """);
    gateway.postWithKey(
        "/api/agents/spawn",
        "{\"agent_type\": \"coding\", \"prompt\": \"x\", \"repository\": \"docs\"}");

    assertThat(gateway.sink.values(Topics.TASK_REQUESTS))
        .extracting(request -> request.getContext().getRepository())
        .containsExactly("acme/docs", "acme/docs");
  }

  @Test
  void aPullRequestThatIsAskedForTwiceIsOpenedOnce() {
    String body = "{\"repo\": \"docs\", \"title\": \"T\", \"head\": \"work\"}";

    Answer first = gateway.postWithKey("/api/github/pr", body);
    Answer second = gateway.postWithKey("/api/github/pr", body);

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().get("number").intValue()).isEqualTo(5);
    assertThat(asked).filteredOn(request -> request.startsWith("POST")).hasSize(1);
  }

  @Test
  void aPullRequestIsMergedOnce() {
    Answer first = gateway.postWithKey("/api/github/pr/docs/5/merge", "{\"method\": \"squash\"}");
    Answer second = gateway.postWithKey("/api/github/pr/docs/5/merge", "");

    assertThat(first.json().get("merged").booleanValue()).isTrue();
    assertThat(second.json().get("merged").booleanValue()).isTrue();
    assertThat(asked).filteredOn(request -> request.startsWith("PUT")).hasSize(1);
  }

  @Test
  void aBranchOfALocalRepositoryIsPushed() throws Exception {
    Answer answer = gateway.postWithKey("/api/github/push", "{\"repo\": \"docs\"}");

    try (Git remote = Git.open(folder.resolve("remote").toFile())) {
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.json().get("branch").asString()).isEqualTo("main");
      assertThat(String.valueOf(remote.getRepository().resolve("refs/heads/main").name()))
          .isEqualTo(answer.json().get("sha").asString());
    }
  }

  @Test
  void theRemoteOfALocalRepositoryIsWrittenDownOnce() {
    Answer first = gateway.postWithKey("/api/github/ensure-remote/docs", "");
    Answer second = gateway.postWithKey("/api/github/ensure-remote/docs", "");

    assertThat(first.json().get("changed").booleanValue()).isTrue();
    assertThat(second.json().get("changed").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"404, 404", "401, 502", "403, 403", "409, 409", "429, 429", "500, 503"})
  void whatGitHubRefusesIsToldAsItIs(int githubs, int ours) {
    failure = githubs;

    Answer answer = gateway.getWithKey("/api/github/pr/docs/5");

    assertThat(answer.status()).isEqualTo(ours);
    assertThat(answer.json().get("detail").asString()).isNotBlank();
    if (ours == 429) {
      assertThat(answer.header("Retry-After")).isEqualTo("7");
    }
  }
}
