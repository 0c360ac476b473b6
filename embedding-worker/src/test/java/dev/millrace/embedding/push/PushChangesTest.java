package dev.millrace.embedding.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.embedding.index.BranchHeads;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.github.GithubEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushChangesTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String HEAD =
      """
      "head_commit": {"id": "h2", "timestamp": "2026-01-02T03:04:05+02:00"}
      """;

  private final BranchHeads heads = new InMemoryBranchHeads();
  private final PushChanges changes =
      new PushChanges(
          new DocumentPaths(
              List.of("**/*.md", "**/*.txt", "docs/**"),
              List.of(),
              Map.of("docs/blueprints/**", "blueprints")),
          Parsers.standard()::canParse,
          Repositories.from(Environment.of(Map.of("LOCAL_REPOSITORIES", "acme/docs=/nowhere"))),
          heads);

  private static GithubEvent event(String event, String payload) {
    return event(event, payload, Instant.EPOCH);
  }

  private static GithubEvent event(String event, String payload, Instant receivedAt) {
    return GithubEvent.newBuilder()
        .setDeliveryId("d1")
        .setEvent(event)
        .setRepository("acme/docs")
        .setSender("ada")
        .setPayload(payload)
        .setReceivedAt(receivedAt)
        .build();
  }

  private static String push(String ref, String commits) {
    return """
    {"ref": "%s", "before": "b", "after": "h2", "forced": false,
     "repository": {"default_branch": "main"}, "commits": [%s], %s}
    """
        .formatted(ref, commits, HEAD);
  }

  private List<DocumentChange> changesOf(GithubEvent event) {
    return changes.of(event).map(Push::changes).orElse(List.of());
  }

  /** Does what the handler of pushes does: the branch moves when the changes are written. */
  private List<DocumentChange> indexed(GithubEvent event) {
    Push push = changes.of(event).orElseThrow();
    heads.moved(push.repository(), push.branch(), push.move());
    return push.changes();
  }

  private static GithubEvent push(
      String before, String after, Instant committedAt, boolean forced, Instant receivedAt) {
    String payload =
        """
        {"ref": "refs/heads/main", "before": "%s", "after": "%s", "forced": %s,
         "repository": {"default_branch": "main"}, "commits": [{"modified": ["a.md"]}],
         "head_commit": {"id": "%s", "timestamp": "%s"}}
        """
            .formatted(before, after, forced, after, committedAt);
    return event("push", payload, receivedAt);
  }

  @Test
  void whatFollowsAForcedPushIsNewerHoweverOldItsCommit() {
    indexed(push("c1", "c2", NOON, false, NOON));
    indexed(push("c2", "c1", NOON.minusSeconds(60), true, NOON.plusSeconds(60)));

    List<DocumentChange> found =
        indexed(push("c1", "c3", NOON.plusSeconds(30), false, NOON.plusSeconds(90)));

    assertThat(found)
        .extracting(DocumentChange::getCommittedAt)
        .containsExactly(NOON.plusSeconds(60).plusMillis(1));
  }

  @Test
  void aPushThatComesAgainHasTheSameTime() {
    indexed(push("c2", "c1", NOON.minusSeconds(60), true, NOON.plusSeconds(60)));
    GithubEvent follower = push("c1", "c3", NOON, false, NOON.plusSeconds(90));
    List<DocumentChange> first = indexed(follower);

    List<DocumentChange> again = indexed(follower);

    assertThat(again).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(longs = {-30, 30})
  void aPushThatComesAfterThoseThatFollowItIsReadAsTheLastOfThemLeftIt(long secondsAfterNoon) {
    GithubEvent forced = push("c2", "c1", NOON.minusSeconds(60), true, NOON.plusSeconds(90));
    Instant committed = NOON.plusSeconds(secondsAfterNoon);
    indexed(push("c0", "c2", NOON, false, NOON));
    indexed(push("c1", "c3", committed, false, NOON.plusSeconds(70)));
    indexed(push("c3", "c4", committed.plusMillis(1), false, NOON.plusSeconds(80)));

    List<DocumentChange> found = indexed(forced);

    assertThat(found)
        .extracting(DocumentChange::getCommitSha, DocumentChange::getCommittedAt)
        .containsExactly(tuple("c4", NOON.plusSeconds(90)));
    assertThat(heads.find("acme/docs", "main").orElseThrow().commit()).isEqualTo("c4");
  }

  @Test
  void pushesThatComeInTheReverseOrderAreReadAsTheLastOfThemLeftThem() {
    indexed(push("c0", "c1", NOON, false, NOON));
    indexed(push("c3", "c4", NOON.minusSeconds(9), false, NOON.plusSeconds(1)));
    indexed(push("c2", "c3", NOON.minusSeconds(8), false, NOON.plusSeconds(2)));

    List<DocumentChange> found =
        indexed(push("c1", "c2", NOON.minusSeconds(7), false, NOON.plusSeconds(3)));

    assertThat(found).extracting(DocumentChange::getCommitSha).containsExactly("c4");
    assertThat(heads.find("acme/docs", "main").orElseThrow().commit()).isEqualTo("c4");
  }

  @Test
  void ofTwoEarlyPushesThatFollowTheSameTheNewerCounts() {
    indexed(push("c0", "cx", NOON, false, NOON));
    indexed(push("c1", "c2", NOON.minusSeconds(9), false, NOON.plusSeconds(1)));
    indexed(push("c1", "c3", NOON.minusSeconds(8), false, NOON.plusSeconds(2)));

    List<DocumentChange> found =
        indexed(push("c2", "c1", NOON.minusSeconds(60), true, NOON.plusSeconds(90)));

    assertThat(found).extracting(DocumentChange::getCommitSha).containsExactly("c3");
  }

  @Test
  void aForcedPushBackToWhatAnEarlyOneFollowedIsTheNewest() {
    indexed(push("c0", "c2", NOON, false, NOON));
    indexed(push("c1", "c3", NOON.plusSeconds(30), false, NOON.plusSeconds(70)));

    List<DocumentChange> found =
        indexed(push("c3", "c1", NOON.minusSeconds(60), true, NOON.plusSeconds(90)));

    assertThat(found)
        .extracting(DocumentChange::getCommitSha, DocumentChange::getCommittedAt)
        .containsExactly(tuple("c1", NOON.plusSeconds(90)));
  }

  @Test
  void anEarlierPushDoesNotFollowTheForcedOneThatTookItBack() {
    GithubEvent takenBack = push("c1", "c2", NOON, false, NOON);
    indexed(takenBack);
    indexed(push("c2", "c1", NOON.minusSeconds(60), true, NOON.plusSeconds(60)));

    List<DocumentChange> again = indexed(takenBack);

    assertThat(again).extracting(DocumentChange::getCommittedAt).containsExactly(NOON);
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

    List<DocumentChange> found = changesOf(event("push", push("refs/heads/main", commits)));

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

    assertThat(changesOf(event("push", push("refs/heads/main", commits))))
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

    List<DocumentChange> found = changesOf(event("push", forced));

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

    assertThat(changesOf(event("push", push("refs/heads/wip", commits)))).isEmpty();
    assertThat(changesOf(event("push", push("refs/tags/v1", commits)))).isEmpty();
    assertThat(changesOf(event("issues", "{}"))).isEmpty();
    assertThat(
            changes.of(
                event("push", "{\"ref\":\"refs/heads/main\",\"deleted\":true,\"commits\":[]}")))
        .isEmpty();
  }

  @Test
  void whatGitHubWouldNotSendIsRejectedWithTheField() {
    assertThatThrownBy(() -> changesOf(event("push", "[]")))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("JSON object");
    assertThatThrownBy(() -> changesOf(event("push", "{}")))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("'ref'");
  }
}
