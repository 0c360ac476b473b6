package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A push that is delivered after the one that follows it. */
@ExtendWith(WithMillrace.class)
class LatePushIT {

  private static final String NOTHING = "0".repeat(40);

  private final String path = "late-" + UUID.randomUUID() + ".md";
  private final String uri = "github://" + Millrace.DOCUMENTS_REPOSITORY + "/" + path;

  @Test
  void leavesTheDocumentAsTheLastCommitHasIt(Millrace millrace) throws Exception {
    // given the second commit is taken back by force, and another follows the first
    RevCommit first;
    RevCommit second;
    RevCommit third;
    try (Git git = Git.open(millrace.documents().toFile())) {
      git.checkout().setCreateBranch(true).setName("taken-back-" + path).call();
      first = commit(git, millrace, "The weir holds the water back.", 3);
      second = commit(git, millrace, "The weir is broken.", 2);
      git.checkout().setCreateBranch(true).setName("kept-" + path).setStartPoint(first).call();
      third = commit(git, millrace, "The weir was made higher.", 1);
      git.checkout().setName("main").call();
    }
    deliver(millrace, NOTHING, first, false);
    deliver(millrace, first.name(), second, false);
    isIndexed(millrace, "The weir is broken.");
    deliver(millrace, first.name(), third, false);

    // when
    deliver(millrace, second.name(), first, true);

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT payload ->> 'commit_sha' FROM audit.records"
                            + " WHERE topic = 'document.embeddings' AND key = ?"
                            + " ORDER BY \"offset\"",
                        uri))
                .hasSize(4)
                .last()
                .isEqualTo(third.name()));
    isIndexed(millrace, "The weir was made higher.");
  }

  private RevCommit commit(Git git, Millrace millrace, String text, int minutesAgo)
      throws GitAPIException, IOException {
    Instant when = Instant.now().minus(Duration.ofMinutes(minutesAgo));
    PersonIdent author = new PersonIdent("it", "it@example.com", when, ZoneOffset.UTC);
    Files.writeString(millrace.documents().resolve(path), text);
    git.add().addFilepattern(path).call();
    return git.commit()
        .setMessage("Say how the weir is")
        .setAuthor(author)
        .setCommitter(author)
        .setSign(false)
        .call();
  }

  private void deliver(Millrace millrace, String before, RevCommit head, boolean forced) {
    String push =
        """
        {"ref": "refs/heads/main", "before": "%s", "after": "%s", "forced": %s,
         "repository": {"full_name": "%s", "default_branch": "main"}, "sender": {"login": "it"},
         "head_commit": {"id": "%2$s", "timestamp": "%s"},
         "commits": [{"id": "%2$s", "message": "x", "author": {"name": "it"},
                      "timestamp": "%5$s", "added": [], "modified": ["%s"], "removed": []}]}
        """
            .formatted(
                before,
                head.name(),
                forced,
                Millrace.DOCUMENTS_REPOSITORY,
                Instant.ofEpochSecond(head.getCommitTime()),
                path);
    millrace
        .gateway()
        .webhook("push", UUID.randomUUID().toString(), millrace.gateway().webhookSecret(), push);
  }

  private void isIndexed(Millrace millrace, String text) {
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace, "SELECT content FROM public.embeddings WHERE source = ?", uri))
                .containsExactly(text));
  }
}
