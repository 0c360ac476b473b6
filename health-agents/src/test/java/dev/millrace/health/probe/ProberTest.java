package dev.millrace.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.health.project.Project;
import dev.millrace.health.project.ProjectRounds.Ownership;
import dev.millrace.schemas.health.HealthProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProberTest {

  private final List<HealthProbe> written = new CopyOnWriteArrayList<>();
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
    server.start();
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
