package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.fixture.ScratchGit;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Documents and deliveries that are not as they should be, on the running pipeline. */
@ExtendWith(WithMillrace.class)
class DocumentFaultsIT {

  private static final String TEXTS =
      "SELECT content FROM public.embeddings WHERE source = ? ORDER BY chunk_index";

  private static final String OUTCOMES =
      """
      SELECT payload->>'status' FROM audit.records
       WHERE topic = 'document.embeddings' AND key = ? ORDER BY "offset"
      """;

  private final String run = UUID.randomUUID().toString();

  @Test
  void thePushThatComesTwiceIsIndexedOnce(Millrace millrace) throws Exception {
    // given
    String path = run + ".md";
    String uri = "github://" + Millrace.DOCUMENTS_REPOSITORY + "/" + path;
    Files.writeString(
        millrace.documents().resolve(path), "# Weir\n\nThe weir holds the water back.");
    RevCommit commit = commit(millrace, path);
    String push =
        """
        {"ref":"refs/heads/main","before":"%1$s","after":"%2$s",
         "repository":{"full_name":"%3$s","default_branch":"main"},"sender":{"login":"it"},
         "commits":[{"id":"%2$s","message":"Add","timestamp":"%5$s",
                     "author":{"name":"it"},"added":["%4$s"],"modified":[],"removed":[]}]}
        """
            .formatted(
                "0".repeat(40),
                commit.name(),
                Millrace.DOCUMENTS_REPOSITORY,
                path,
                Instant.ofEpochSecond(commit.getCommitTime()));

    // when
    for (String delivery : List.of(run, run, run + "-redelivered")) {
      millrace.gateway().webhook("push", delivery, millrace.gateway().webhookSecret(), push);
    }

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(Queries.texts(millrace, OUTCOMES, uri))
                .containsExactly("INDEXED", "UNCHANGED"));
    assertThat(Queries.texts(millrace, TEXTS, uri)).hasSize(1);
    assertThat(
            Queries.count(
                millrace,
                """
                SELECT sum((payload->>'embeddings_created')::int) FROM audit.records
                 WHERE topic = 'document.embeddings' AND key = ?
                """,
                uri))
        .isEqualTo(1);
  }

  @Test
  void ofTwoVersionsTheNewerCommitWinsThoughItComesFirst(Millrace millrace)
      throws InterruptedException {
    // given
    String uri = "it://" + run + "/order";
    EventPublisher publisher = new EventPublisher(millrace.kafka(), Duration.ofSeconds(30));
    publisher.start();
    try {
      version(publisher, uri, "The newer text.", "2026-02-02T00:00:00Z");
      eventually()
          .untilAsserted(() ->
              assertThat(Queries.texts(millrace, TEXTS, uri)).containsExactly("The newer text."));

      // when
      version(publisher, uri, "The older text.", "2026-01-01T00:00:00Z");
    } finally {
      publisher.stop();
    }

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(Queries.texts(millrace, OUTCOMES, uri))
                .containsExactly("INDEXED", "SUPERSEDED"));
    assertThat(Queries.texts(millrace, TEXTS, uri)).containsExactly("The newer text.");
  }

  @Test
  void aFileOfFiftyMegabytesIsADeadLetterAndTheNextDocumentGoesOn(Millrace millrace)
      throws Exception {
    // given
    String path = run + "-large.txt";
    try (RandomAccessFile file =
        new RandomAccessFile(millrace.documents().resolve(path).toFile(), "rw")) {
      file.setLength(50L << 20);
    }
    commit(millrace, path);

    // when
    Gateway.Answer fetched =
        millrace
            .gateway()
            .post(
                "/api/knowledge/documents",
                "{\"repository\":\"%s\",\"filePath\":\"%s\"}"
                    .formatted(Millrace.DOCUMENTS_REPOSITORY, path));
    Gateway.Answer sent = upload(millrace, run + ".txt", new byte[50 << 20]);

    // then
    assertThat(fetched.status()).isEqualTo(422);
    assertThat(fetched.text()).contains("too_large").contains(Integer.toString(50 << 20));
    assertThat(sent.status()).isEqualTo(413);
    awaitDeadLetter(millrace, "github://" + Millrace.DOCUMENTS_REPOSITORY + "/" + path);
    assertThat(upload(millrace, run + "-next.txt", "A short text.".getBytes(UTF_8)).status())
        .isEqualTo(200);
  }

  @Test
  void aPdfThatUnpacksToSixHundredMegabytesIsADeadLetter(Millrace millrace) throws IOException {
    // given
    byte[] bomb = bomb(600);

    // when
    Gateway.Answer answer = upload(millrace, run + ".pdf", bomb);

    // then
    assertThat(bomb).hasSizeLessThan(1 << 20);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("unpacks to at most");
    awaitDeadLetter(millrace, "upload://" + run + ".pdf");
    assertThat(upload(millrace, run + ".html", "<p>Still here.</p>".getBytes(UTF_8)).status())
        .isEqualTo(200);
  }

  @Test
  void aRepositoryThatIsNotThereIsADeadLetterWithTheReason(Millrace millrace) {
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/knowledge/documents",
                "{\"repository\":\"%s\",\"filePath\":\"%s-none.md\"}"
                    .formatted(Millrace.DOCUMENTS_REPOSITORY, run));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("not_found");
    awaitDeadLetter(
        millrace, "github://%s/%s-none.md".formatted(Millrace.DOCUMENTS_REPOSITORY, run));
  }

  private static RevCommit commit(Millrace millrace, String path) throws IOException {
    try (Git git = Git.open(millrace.documents().toFile())) {
      return ScratchGit.commitAll(git, "Add " + path);
    }
  }

  private static void version(EventPublisher publisher, String uri, String text, String committedAt)
      throws InterruptedException {
    DocumentChange change =
        DocumentChange.newBuilder()
            .setDocumentUri(uri)
            .setChange(ChangeType.MODIFIED)
            .setContent(text)
            .setCommittedAt(Instant.parse(committedAt))
            .build();
    publisher.publishAndWait(
        Topics.DOCUMENT_CHANGES,
        uri,
        change,
        new EventContext(EventId.random(), "it", Instant.now(), TraceContext.start(), null));
  }

  private static byte[] bomb(int megabytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    try (DeflaterOutputStream deflating = new DeflaterOutputStream(packed)) {
      for (int i = 0; i < megabytes; i++) {
        deflating.write(zeros);
      }
    }
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    pdf.write("%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode>>\nstream\n".getBytes(US_ASCII));
    pdf.write(packed.toByteArray());
    pdf.write("\nendstream\nendobj\n".getBytes(US_ASCII));
    return pdf.toByteArray();
  }

  private static Gateway.Answer upload(Millrace millrace, String name, byte[] content) {
    return millrace.gateway().upload(name, content, "application/octet-stream");
  }

  private static void awaitDeadLetter(Millrace millrace, String key) {
    eventually()
        .untilAsserted(() ->
            assertThat(
                    new ObjectMapper()
                        .readTree(
                            Queries.texts(
                                    millrace,
                                    "SELECT payload::text FROM audit.records"
                                        + " WHERE topic = 'dead.letters' AND key = ?",
                                    key)
                                .getFirst())
                        .path("app")
                        .asText())
                .isEqualTo("embedding-worker"));
  }
}
