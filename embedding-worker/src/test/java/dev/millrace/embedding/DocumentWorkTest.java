package dev.millrace.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedding.announce.Announcer;
import dev.millrace.embedding.folder.FolderChanges;
import dev.millrace.embedding.index.DocumentRejectedException;
import dev.millrace.embedding.index.IndexRequest;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Outcome;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.document.IndexingStatus;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.platform.PlatformEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentWorkTest {

  private static final EventContext CAUSE =
      EventContext.start("ingest-gateway", TraceContext.start());

  private final List<SpecificRecord> written = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final List<IndexRequest> requests = new ArrayList<>();

  private final Announcer announcer =
      new Announcer(
          "embedding-worker",
          new VectorSpace("fake", 2),
          new Announcer.Publisher() {
            @Override
            public <T extends SpecificRecord> void publish(
                Topic<T> topic, String key, T value, EventContext context) {
              written.add(value);
              ids.add(context.id().value());
            }
          });

  private DocumentWork work(DocumentWork.Indexing indexing) {
    return new DocumentWork(
        request -> {
          requests.add(request);
          return indexing.index(request);
        },
        new FolderChanges(
            (repository, folder, branch) ->
                List.of(folder + "a.md", folder + "mill.png", folder + "sub/b.txt"),
            Parsers.standard()::canParse),
        announcer,
        Clock.fixed(CAUSE.time(), ZoneOffset.UTC));
  }

  private static Delivery<DocumentChange> delivery(DocumentChange change, int attempt) {
    return new Delivery<>("document.changes", change.getDocumentUri(), change, CAUSE, attempt);
  }

  private static DocumentChange.Builder change() {
    return DocumentChange.newBuilder()
        .setDocumentUri("github://acme/docs/docs/a.md")
        .setChange(ChangeType.MODIFIED)
        .setRequestId("r1");
  }

  private static Outcome outcome(Status status, int created) {
    return new Outcome(status, 15, created, "blueprints", "abc", null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"document_uri", "title", "category", "tenant"})
  void textThatPostgresCannotHoldIsRefusedByField(String field) {
    DocumentChange change = change().build();
    change.put(field, "a\0b");
    DocumentWork work = work(request -> outcome(Status.INDEXED, 1));

    assertThatThrownBy(() -> work.process(delivery(change, 1)))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining(field + ": expected text without the character U+0000");
    assertThat(requests).isEmpty();
  }

  @Test
  void whatWasIndexedIsSaidToTheRequesterAndToPlatforms() throws InterruptedException {
    work(request -> outcome(Status.INDEXED, 15)).process(delivery(change().build(), 1));

    DocumentEmbedding embedding = (DocumentEmbedding) written.get(0);
    assertThat(embedding.getStatus()).isEqualTo(IndexingStatus.INDEXED);
    assertThat(embedding.getChunksProcessed()).isEqualTo(15);
    assertThat(embedding.getEmbeddingsCreated()).isEqualTo(15);
    assertThat(embedding.getRequestId()).isEqualTo("r1");
    assertThat(embedding.getCauseId()).isEqualTo(CAUSE.id().value());
    PlatformEvent event = (PlatformEvent) written.get(1);
    assertThat(event.getEventType()).isEqualTo("blueprint_updated");
    assertThat(event.getSource()).isEqualTo("updateKnowledge");
    assertThat(event.getData()).contains("\"chunks_added\":15");
  }

  @Test
  void aDeliveryThatComesTwiceLeadsToTheSameEvents() throws InterruptedException {
    DocumentWork work = work(request -> outcome(Status.INDEXED, 15));

    work.process(delivery(change().build(), 1));
    work.process(delivery(change().build(), 2));

    assertThat(ids.subList(2, 4)).isEqualTo(ids.subList(0, 2));
  }

  @Test
  void whatDidNotChangeIsNoUpdate() throws InterruptedException {
    work(request -> outcome(Status.UNCHANGED, 0)).process(delivery(change().build(), 1));

    assertThat(written).singleElement().isInstanceOf(DocumentEmbedding.class);
  }

  @Test
  void aFileIsFoundByItsUriAlone() throws InterruptedException {
    work(request -> outcome(Status.INDEXED, 1)).process(delivery(change().build(), 1));

    IndexRequest request = requests.getFirst();
    assertThat(request.action()).isInstanceOf(Action.Fetch.class);
    assertThat(request.changedAt()).isNull();
    assertThat(request.document().repository()).isEqualTo("acme/docs");
    assertThat(request.document().filePath()).isEqualTo("docs/a.md");
  }

  @Test
  void aPostedTextIsOfTheTimeOfItsEvent() throws InterruptedException {
    DocumentChange posted = change().setDocumentUri("text://notes/1").setContent("# Note").build();

    work(request -> outcome(Status.INDEXED, 1)).process(delivery(posted, 1));

    assertThat(requests.getFirst().action()).isEqualTo(new Action.Content("# Note", null));
    assertThat(requests.getFirst().changedAt()).isEqualTo(CAUSE.time());
  }

  @Test
  void aTextOfATimeToComeIsInvalid() {
    DocumentChange.Builder posted = change().setDocumentUri("text://notes/1").setContent("# Note");
    DocumentChange ahead = posted.setChangedAt(CAUSE.time().plusSeconds(61)).build();
    DocumentChange microseconds =
        posted.setChangedAt(Instant.ofEpochMilli(CAUSE.time().toEpochMilli() * 1_000)).build();
    DocumentWork work = work(request -> outcome(Status.INDEXED, 1));

    for (DocumentChange change : List.of(ahead, microseconds)) {
      assertThatThrownBy(() -> work.process(delivery(change, 1)))
          .isInstanceOf(WorkRejectedException.class)
          .hasMessageStartingWith(
              "invalid: changed_at: expected a time from 1970 on that has come");
    }
    assertThat(requests).isEmpty();
  }

  @Test
  void aCommitOfAClockThatRanAheadIsAsOldAsItsEvent() throws InterruptedException {
    DocumentChange change = change().setCommittedAt(CAUSE.time().plusSeconds(86_400)).build();

    work(request -> outcome(Status.INDEXED, 1)).process(delivery(change, 1));

    assertThat(requests.getFirst().changedAt()).isEqualTo(CAUSE.time());
  }

  @Test
  void aFolderIsTheDocumentsInIt() throws InterruptedException {
    DocumentChange folder =
        change()
            .setDocumentUri("github://acme/docs/docs/")
            .setRepository("acme/docs")
            .setFilePath("docs/")
            .setCategory("blueprints")
            .build();

    work(request -> outcome(Status.INDEXED, 1)).process(delivery(folder, 1));

    assertThat(requests).isEmpty();
    assertThat(written.subList(0, 2))
        .extracting(each -> ((DocumentChange) each).getDocumentUri())
        .containsExactly("github://acme/docs/docs/a.md", "github://acme/docs/docs/sub/b.txt");
    DocumentEmbedding answer = (DocumentEmbedding) written.get(2);
    assertThat(answer.getDocuments()).isEqualTo(2);
    assertThat(answer.getRequestId()).isEqualTo("r1");
    assertThat(new HashSet<>(ids)).hasSize(3);
  }

  @Test
  void anUploadBringsItsBytesAlong() throws InterruptedException {
    DocumentChange upload =
        change()
            .setDocumentUri("upload://mill.pdf")
            .setContentBytes(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .setContentType("application/pdf")
            .build();

    work(request -> outcome(Status.INDEXED, 1)).process(delivery(upload, 1));

    assertThat(requests.getFirst().action())
        .isInstanceOfSatisfying(
            Action.File.class, file -> assertThat(file.bytes()).containsExactly(1, 2, 3));
  }

  @Test
  void aRejectedDocumentIsSaidToHaveFailedAndIsADeadLetter() {
    DocumentWork work =
        work(request -> {
          throw new DocumentRejectedException("not_found: no such file");
        });

    assertThatThrownBy(() -> work.process(delivery(change().build(), 1)))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessage("not_found: no such file");
    DocumentEmbedding embedding = (DocumentEmbedding) written.getFirst();
    assertThat(embedding.getStatus()).isEqualTo(IndexingStatus.FAILED);
    assertThat(embedding.getReason()).isEqualTo("not_found: no such file");
  }

  @Test
  void whatIsAwayIsGivenBackUntilTheLastDelivery() {
    DocumentWork work =
        work(request -> {
          throw new UnavailableException("Postgres: away", null, new IOException("away"));
        });

    assertThatThrownBy(() -> work.process(delivery(change().build(), 4)))
        .isInstanceOf(UnavailableException.class);
    assertThat(written).isEmpty();
    assertThatThrownBy(() -> work.process(delivery(change().build(), 5)))
        .as("exhausted, which is no fault of the document")
        .isInstanceOf(UnavailableException.class);
    assertThat(written).hasSize(1);
  }
}
