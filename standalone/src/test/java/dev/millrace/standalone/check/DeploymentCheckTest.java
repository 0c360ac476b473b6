package dev.millrace.standalone.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.embedded.Credentials;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeploymentCheckTest {

  private static final Map<String, String> SECRETS =
      Map.of(
          Credentials.API_KEY, FakeGateway.API_KEY,
          Credentials.JAVARI_API_KEY, FakeGateway.PLATFORM_KEY,
          Credentials.WEBHOOK_SECRET, FakeGateway.WEBHOOK_SECRET,
          Credentials.JWT_SECRET, "any");

  private final List<Finding> findings = new ArrayList<>();
  private FakeGateway gateway;

  @BeforeEach
  void startTheGateway() throws IOException {
    gateway = new FakeGateway();
  }

  @AfterEach
  void stopTheGateway() {
    gateway.close();
  }

  @Test
  void aSoundDeploymentHolds() throws InterruptedException {
    try (DeploymentCheck check = check(gateway.uri(), SECRETS)) {
      check.reach();
      check.read();
      check.write(Duration.ofSeconds(5));
    }

    assertThat(findings).hasSize(9).allMatch(Finding.Held.class::isInstance);
  }

  @Test
  void readingLeavesNothingButPings() throws InterruptedException {
    try (DeploymentCheck check = check(gateway.uri(), SECRETS)) {
      check.read();
    }

    assertThat(gateway.posted()).containsExactly("{\"zen\":\"Checked by millrace.\"}");
  }

  @Test
  void nobodyIsThere() throws InterruptedException {
    gateway.close();

    boolean reached = reach(gateway.uri());

    assertThat(reached).isFalse();
    assertThat(failures()).singleElement().asString().contains("does not answer");
  }

  @Test
  void anotherServiceIsNoGateway() throws InterruptedException {
    gateway.with("/health", 200, "<html>Welcome</html>");

    boolean reached = reach(gateway.uri());

    assertThat(reached).isFalse();
    assertThat(failures()).singleElement().asString().contains("no gateway of Millrace");
  }

  @Test
  void keysAreNotSentWhereARedirectLeads() throws InterruptedException {
    gateway.with("/health", 302, "https://elsewhere.example/health");

    boolean reached = reach(gateway.uri());

    assertThat(reached).isFalse();
    assertThat(failures())
        .singleElement()
        .asString()
        .contains("(302), to https://elsewhere.example/health");
  }

  @Test
  void aPathBeforeThatOfTheGatewayIsKept() throws InterruptedException {
    gateway.with("/millrace/health", 200, "{\"status\": \"ok\"}");

    boolean reached = reach(URI.create(gateway.uri() + "/millrace/"));

    assertThat(reached).isTrue();
  }

  @Test
  void aDependencyThatIsDownIsNamed() throws InterruptedException {
    gateway.with(
        "/api/health",
        200,
        "{\"dependencies\": {\"kafka\": {\"status\": \"down\", \"reason\": \"no broker\"}}}");

    read(SECRETS);

    assertThat(failures()).singleElement().asString().contains("kafka is down: no broker");
  }

  @Test
  void readsThatAreOpenToEverybodyFail() throws InterruptedException {
    gateway.with("/api/tasks", 200, "{}");

    read(SECRETS);

    assertThat(failures())
        .singleElement()
        .asString()
        .contains("refused without a key", "expected 401, found 200");
  }

  @Test
  void webhooksThatAreNotCheckedFail() throws InterruptedException {
    gateway.with("/api/github-webhook", 200, "{}");

    read(SECRETS);

    assertThat(failures()).singleElement().asString().contains("a wrong signature");
  }

  @Test
  void aRefusalSaysWhichSecretAndWhatTheGatewaySaid() throws InterruptedException {
    gateway.with("/api/github-webhook", 401, "{\"detail\": \"that is not the signature\"}");

    read(SECRETS);

    assertThat(failures())
        .singleElement()
        .asString()
        .contains("GITHUB_WEBHOOK_SECRET", "expected 200, found 401: that is not the signature");
  }

  @Test
  void anEventThatDoesNotArriveFails() throws InterruptedException {
    gateway.with("/api/events", 200, "{\"events\": []}");

    try (DeploymentCheck check = check(gateway.uri(), SECRETS)) {
      check.write(Duration.ofMillis(1));
    }

    assertThat(failures()).singleElement().asString().contains("audit-sink");
  }

  @Test
  void whatNeedsASecretThatIsNotKnownIsNotChecked() throws InterruptedException {
    read(Map.of());

    assertThat(failures()).isEmpty();
    assertThat(findings).filteredOn(Finding.NotChecked.class::isInstance).hasSize(4);
  }

  @Test
  void anAppIsAskedWhatItLacks() throws InterruptedException {
    gateway.with(
        "/health/ready",
        503,
        "{\"checks\": {\"kafka\": {\"status\": \"down\", \"reason\": \"?\"}}}");

    try (DeploymentCheck check = check(gateway.uri(), SECRETS)) {
      check.apps(Map.of("task-router", gateway.uri()), List.of("task-router", "audit-sink"));
    }

    assertThat(findings)
        .containsExactly(
            new Finding.Failed("task-router is ready", "kafka: ?"),
            new Finding.NotChecked(
                "audit-sink is ready", "needs the management address of each, as --app NAME=URL"));
  }

  private boolean reach(URI uri) throws InterruptedException {
    try (DeploymentCheck check = check(uri, SECRETS)) {
      return check.reach();
    }
  }

  private void read(Map<String, String> secrets) throws InterruptedException {
    try (DeploymentCheck check = check(gateway.uri(), secrets)) {
      check.read();
    }
  }

  private DeploymentCheck check(URI uri, Map<String, String> secrets) {
    return new DeploymentCheck(uri, secrets, (_, _, _) -> "signed", findings::add);
  }

  private List<Finding> failures() {
    return findings.stream().filter(Finding.Failed.class::isInstance).toList();
  }
}
