package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.ScratchGit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithMillrace.class)
class WebhookIT {

  @Test
  void aPushIsOneEventAndOneForEachCommitAndIndexesItsDocuments(Millrace millrace)
      throws Exception {
    // given
    String name = "guide-" + UUID.randomUUID() + ".md";
    RevCommit commit =
        commit(
            millrace,
            name,
            "# Sluice gates\n\nA sluice gate lets water pass when the mill needs it.\n");
    String delivery = UUID.randomUUID().toString();

    // when
    Gateway.Answer answer =
        millrace
            .gateway()
            .webhook("push", delivery, millrace.gateway().webhookSecret(), push(commit, name));

    // then
    assertThat(answer.status()).isEqualTo(200);
    eventually()
        .untilAsserted(() -> {
          assertThat(eventsOf(millrace, delivery, "github_push")).isEqualTo(1);
          assertThat(commitEvents(millrace, commit)).isEqualTo(1);
        });
    eventually()
        .untilAsserted(() ->
            assertThat(
                    millrace
                        .gateway()
                        .get("/api/knowledge/search?k=1&q=when+does+the+gate+let+water+pass")
                        .json()
                        .path("results")
                        .path(0)
                        .path("content")
                        .asText())
                .contains("sluice gate"));
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        "SELECT count(*) FROM ai_events WHERE event_type = 'blueprint_updated'"
                            + " AND data::text LIKE '%' || ? || '%'",
                        name))
                .isEqualTo(1));
  }

  @Test
  void aDeliveryThatComesAgainIsAnsweredAndRecordedOnce(Millrace millrace) {
    // given
    String delivery = UUID.randomUUID().toString();
    String body = "{\"action\":\"opened\",\"repository\":{\"full_name\":\"it/plain\"}}";
    millrace.gateway().webhook("issues", delivery, millrace.gateway().webhookSecret(), body);

    // when
    Gateway.Answer again =
        millrace.gateway().webhook("issues", delivery, millrace.gateway().webhookSecret(), body);

    // then
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("duplicate").asBoolean()).isTrue();
    eventually()
        .untilAsserted(
            () -> assertThat(eventsOf(millrace, delivery, "github_issues")).isEqualTo(1));
  }

  @Test
  void aDeliveryIsStillKnownAfterTheGatewayWasRestarted(Millrace millrace) throws Exception {
    // given
    String delivery = UUID.randomUUID().toString();
    String body = "{\"action\":\"closed\",\"repository\":{\"full_name\":\"it/plain\"}}";
    millrace.gateway().webhook("issues", delivery, millrace.gateway().webhookSecret(), body);

    // when
    Gateway restarted = millrace.restartGateway();

    // then
    Gateway.Answer again = restarted.webhook("issues", delivery, restarted.webhookSecret(), body);
    assertThat(again.json().path("duplicate").asBoolean()).isTrue();
  }

  @Test
  void aWrongSignatureIsRefused(Millrace millrace) {
    // when
    Gateway.Answer answer =
        millrace
            .gateway()
            .webhook("push", UUID.randomUUID().toString(), "another-secret", "{\"a\":1}");

    // then
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("content-type")).startsWith("application/problem+json");
  }

  private static long eventsOf(Millrace millrace, String delivery, String type) {
    return Queries.count(
        millrace,
        "SELECT count(*) FROM ai_events WHERE event_type = ? AND event_id = ?",
        type,
        delivery);
  }

  private static long commitEvents(Millrace millrace, RevCommit commit) {
    return Queries.count(
        millrace,
        "SELECT count(*) FROM ai_events WHERE event_type = 'commit'"
            + " AND data::text LIKE '%' || ? || '%'",
        commit.name());
  }

  private static RevCommit commit(Millrace millrace, String name, String text) throws Exception {
    Path file = millrace.documents().resolve("docs").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    try (Git git = Git.open(millrace.documents().toFile())) {
      return ScratchGit.commitAll(git, "Add " + name);
    }
  }

  private static String push(RevCommit commit, String name) {
    return """
    {"ref":"refs/heads/main","before":"%1$s","after":"%2$s",
     "repository":{"full_name":"%3$s","default_branch":"main"},"sender":{"login":"it"},
     "commits":[{"id":"%2$s","message":"Add %4$s","timestamp":"2026-01-01T10:00:00Z",
                 "author":{"name":"it"},"added":["docs/%4$s"],"modified":[],"removed":[]}]}
    """
        .formatted("0".repeat(40), commit.name(), Millrace.DOCUMENTS_REPOSITORY, name);
  }
}
