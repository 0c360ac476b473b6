package dev.millrace.embedding.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.embedding.parse.Parsers;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.repository.Repositories;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.github.GithubEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PushChangesTest {

  private static final String HEAD =
      """
      "head_commit": {"id": "h2", "timestamp": "2026-01-02T03:04:05+02:00"}
      """;

  private final PushChanges changes =
      new PushChanges(
          new DocumentPaths(
              List.of("**/*.md", "**/*.txt", "docs/**"),
              List.of(),
              Map.of("docs/blueprints/**", "blueprints")),
          Parsers.standard()::canParse,
          Repositories.from(Environment.of(Map.of("LOCAL_REPOSITORIES", "acme/docs=/nowhere"))));

  private static GithubEvent event(String event, String payload) {
    return GithubEvent.newBuilder()
        .setDeliveryId("d1")
        .setEvent(event)
        .setRepository("acme/docs")
        .setSender("ada")
        .setPayload(payload)
        .setReceivedAt(Instant.EPOCH)
        .build();
  }

  private static String push(String ref, String commits) {
    return """
    {"ref": "%s", "before": "b", "after": "h2", "forced": false,
     "repository": {"default_branch": "main"}, "commits": [%s], %s}
    """
        .formatted(ref, commits, HEAD);
  }

  @Test
  void aPushLeadsToOneChangeForEachDocumentAtItsHead() {
    String commits =
        """
        {"added": ["README.md", "docs/new.md"], "modified": ["src/Main.java"],
         "removed": ["docs/old.md"]},
        {"added": [], "modified": ["README.md", "docs/blueprints/plan.md", "docs/logo.png"],
         "removed": ["docs/new.md"]}
        """;

    List<DocumentChange> found = changes.of(event("push", push("refs/heads/main", commits)));

    assertThat(found)
        .extracting(DocumentChange::getFilePath, DocumentChange::getChange)
        .containsExactly(
            tuple("README.md", ChangeType.ADDED),
            tuple("docs/blueprints/plan.md", ChangeType.MODIFIED),
            tuple("docs/new.md", ChangeType.REMOVED),
            tuple("docs/old.md", ChangeType.REMOVED));
    DocumentChange plan = found.get(1);
    assertThat(plan.getDocumentUri()).isEqualTo("github://acme/docs/docs/blueprints/plan.md");
    assertThat(plan.getCategory()).isEqualTo("blueprints");
    assertThat(plan.getCommitSha()).isEqualTo("h2");
    assertThat(plan.getCommittedAt()).isEqualTo(Instant.parse("2026-01-02T01:04:05Z"));
  }

  @Test
  void aRenamedFileIsRemovedAndAdded() {
    String commits =
        """
        {"added": ["b.md"], "modified": [], "removed": ["a.md"]}
        """;

    assertThat(changes.of(event("push", push("refs/heads/main", commits))))
        .extracting(DocumentChange::getChange)
        .containsExactly(ChangeType.REMOVED, ChangeType.ADDED);
  }

  @Test
  void aForcedPushChangesDocumentsWhenItIsReceivedHoweverOldItsHead() {
    String commits =
        """
        {"added": [], "modified": ["a.md"], "removed": ["b.md"]}
        """;
    String forced =
        push("refs/heads/main", commits).replace("\"forced\": false", "\"forced\": true");

    List<DocumentChange> found = changes.of(event("push", forced));

    assertThat(found)
        .extracting(DocumentChange::getFilePath, DocumentChange::getCommittedAt)
        .containsExactly(tuple("a.md", Instant.EPOCH), tuple("b.md", Instant.EPOCH));
    assertThat(found).extracting(DocumentChange::getCommitSha).containsOnly("h2");
  }

  @Test
  void otherBranchesTagsAndEventsLeadToNothing() {
    String commits =
        """
        {"added": ["b.md"], "modified": [], "removed": []}
        """;

    assertThat(changes.of(event("push", push("refs/heads/wip", commits)))).isEmpty();
    assertThat(changes.of(event("push", push("refs/tags/v1", commits)))).isEmpty();
    assertThat(changes.of(event("issues", "{}"))).isEmpty();
    assertThat(
            changes.of(
                event("push", "{\"ref\":\"refs/heads/main\",\"deleted\":true,\"commits\":[]}")))
        .isEmpty();
  }

  @Test
  void whatGitHubWouldNotSendIsRejectedWithTheField() {
    assertThatThrownBy(() -> changes.of(event("push", "[]")))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("JSON object");
    assertThatThrownBy(() -> changes.of(event("push", "{}")))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("'ref'");
  }
}
