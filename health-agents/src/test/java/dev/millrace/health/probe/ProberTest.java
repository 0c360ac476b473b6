package dev.millrace.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.health.project.Project;
import dev.millrace.health.project.ProjectRounds.Ownership;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.schemas.health.HealthProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProberTest {

  private final List<HealthProbe> written = new CopyOnWriteArrayList<>();

  /** What a request shows for the user ada with the password a@b. */
  private static final String ADA =
      "Basic " + Base64.getEncoder().encodeToString("ada:a@b".getBytes(UTF_8));

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/well",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.createContext(
        "/ill",
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    server.createContext("/circle", exchange -> redirect(exchange, "/circle"));
    server.createContext("/malformed", exchange -> redirect(exchange, "http://["));
    server.createContext("/nowhere", exchange -> redirect(exchange, null));
    server.createContext("/moved", exchange -> redirect(exchange, "/well"));
    server.createContext(
        "/guarded",
        exchange -> {
          String shown = exchange.getRequestHeaders().getFirst("Authorization");
          exchange.sendResponseHeaders(ADA.equals(shown) ? 200 : 401, -1);
          exchange.close();
        });
    server.start();
  }

  private static void redirect(HttpExchange exchange, @Nullable String location)
      throws IOException {
    if (location != null) {
      exchange.getResponseHeaders().add("Location", location);
    }
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void everyProjectIsLookedAtAgainAndAgain() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    Prober prober =
        prober(
            List.of(
                project("well", server.getAddress().getPort()),
                project("ill", server.getAddress().getPort()),
                project("gone", nobody)),
            Duration.ofSeconds(30));

    prober.start();

    await()
        .untilAsserted(() -> {
          assertThat(of("well")).hasSizeGreaterThan(1).allMatch(HealthProbe::getUp);
          assertThat(of("ill"))
              .isNotEmpty()
              .allMatch(probe -> !probe.getUp() && probe.getStatusCode() == 503);
          assertThat(of("gone"))
              .isNotEmpty()
              .allMatch(probe -> !probe.getUp() && probe.getStatusCode() == null)
              .allMatch(probe -> "no connection".equals(probe.getError()));
        });
    prober.stop();
  }

  @Test
  void aProjectThatDoesNotAnswerInTimeIsNotUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Prober prober =
          prober(List.of(project("silent", silent.getLocalPort())), Duration.ofMillis(300));

      prober.start();

      await().until(() -> !written.isEmpty());
      prober.stop();
      assertThat(written.getFirst().getUp()).isFalse();
      assertThat(written.getFirst().getError()).isEqualTo("no answer within 300 ms");
    }
  }

  @Test
  void whereNoPathIsGivenAnyAnswerButAFailureOfTheServerIsGood() {
    // given
    Project bare =
        new Project("bare", URI.create("http://localhost:" + server.getAddress().getPort()));
    Prober prober =
        prober(
            List.of(bare, project("missing", server.getAddress().getPort())),
            Duration.ofSeconds(30));

    // when
    prober.start();

    // then
    await().until(() -> !of("bare").isEmpty() && !of("missing").isEmpty());
    prober.stop();
    assertThat(of("bare")).allMatch(probe -> probe.getUp() && probe.getStatusCode() == 404);
    assertThat(of("missing")).allMatch(probe -> !probe.getUp() && probe.getStatusCode() == 404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"circle", "malformed", "nowhere"})
  void aRedirectThatLeadsNowhereIsNoSuccessAndEndsNoWatching(String path) {
    // given
    Prober prober =
        prober(List.of(project(path, server.getAddress().getPort())), Duration.ofSeconds(30));

    // when
    prober.start();

    // then
    await().until(() -> of(path).size() > 1);
    assertThat(prober.check()).isEqualTo(Health.UP);
    prober.stop();
    assertThat(of(path)).noneMatch(HealthProbe::getUp);
  }

  @Test
  void aRedirectThatLeadsSomewhereIsFollowed() {
    // given
    Prober prober =
        prober(List.of(project("moved", server.getAddress().getPort())), Duration.ofSeconds(30));

    // when
    prober.start();

    // then
    await().until(() -> !of("moved").isEmpty());
    prober.stop();
    assertThat(of("moved")).allMatch(HealthProbe::getUp);
  }

  @Test
  void theUserOfAnAddressIsShownThereAndInNoRecord() {
    // given
    int port = server.getAddress().getPort();
    Project guarded =
        new Project("guarded", URI.create("http://ada:a%40b@localhost:" + port + "/guarded"));
    Prober prober = prober(List.of(guarded), Duration.ofSeconds(30));

    // when
    prober.start();

    // then
    await().until(() -> !of("guarded").isEmpty());
    prober.stop();
    assertThat(of("guarded"))
        .allMatch(HealthProbe::getUp)
        .allMatch(probe -> probe.getUrl().equals("http://localhost:" + port + "/guarded"));
  }

  private Prober prober(List<Project> projects, Duration timeout) {
    ProbeConfig config = new ProbeConfig(projects, Duration.ofMillis(100), timeout);
    return new Prober("health-agents", config, Ownership.ALL, (probe, _) -> written.add(probe));
  }

  private static Project project(String name, int port) {
    return new Project(name, URI.create("http://localhost:" + port + "/" + name));
  }

  private List<HealthProbe> of(String project) {
    return written.stream().filter(probe -> probe.getProject().equals(project)).toList();
  }
}
