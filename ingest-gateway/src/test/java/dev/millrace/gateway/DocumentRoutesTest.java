package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.document.IndexingStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DocumentRoutesTest {

  private static final String FILE =
      """
      {"repository": "acme/docs", "filePath": "docs/a.md", "branch": "main", "category": "blueprints"}
      """;
  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @ParameterizedTest
  @ValueSource(strings = {"/api/knowledge/documents", "/functions/v1/updateKnowledge"})
  void aFileIsAnsweredWhenItIsIndexed(String path) {
    IndexingWorker.answers(gateway, IndexingStatus.INDEXED, null);

    Answer answer = gateway.postWithKey(path, FILE);

    assertThat(answer.json().toString())
        .isEqualTo("{\"success\":true,\"chunks_processed\":15,\"embeddings_created\":15}");
    DocumentChange change = gateway.sink.values(Topics.DOCUMENT_CHANGES).getFirst();
    assertThat(change.getDocumentUri()).isEqualTo("github://acme/docs/docs/a.md");
    assertThat(change.getCategory()).isEqualTo("blueprints");
  }

  @Test
  void aTextGetsItsIdentityFromItsTitle() {
    IndexingWorker.answers(gateway, IndexingStatus.INDEXED, null);

    gateway.postWithKey(
        "/api/knowledge/documents",
        "{\"title\": \"Opening  hours\", \"content\": \"# Nine to five\", \"category\": \"office\"}");

    DocumentChange change = gateway.sink.values(Topics.DOCUMENT_CHANGES).getFirst();
    assertThat(change.getDocumentUri()).isEqualTo("document://opening-hours");
    assertThat(change.getContent()).isEqualTo("# Nine to five");
  }

  @ParameterizedTest
  @CsvSource({"A+ plan, A- plan", "C++, C#", "दिन, दान", "A plan, A-plan"})
  void otherTitlesAreOtherDocuments(String title, String other) {
    IndexingWorker.answers(gateway, IndexingStatus.INDEXED, null);

    for (String each : List.of(title, other)) {
      gateway.postWithKey(
          "/api/knowledge/documents",
          Json.object().put("title", each).put("content", "Nine to five").toString());
    }

    assertThat(gateway.sink.values(Topics.DOCUMENT_CHANGES))
        .extracting(DocumentChange::getDocumentUri)
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void aDocumentThatCannotBeIndexedIsSaidSo() {
    IndexingWorker.answers(gateway, IndexingStatus.FAILED, "there is no such file");

    Answer answer = gateway.postWithKey("/api/knowledge/documents", FILE);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString()).contains("there is no such file");
  }

  @Test
  void aSlowDocumentIsAcceptedAndCanBeAskedFor() {
    Answer accepted = gateway.postWithKey("/api/knowledge/documents", FILE);
    String statusUrl = accepted.json().get("status_url").asString();
    Answer pending = gateway.getWithKey(statusUrl);
    gateway
        .gateway
        .knowledge()
        .saw(
            IndexingWorker.embedding(
                gateway.sink.values(Topics.DOCUMENT_CHANGES).getFirst(),
                IndexingStatus.INDEXED,
                null));

    Answer indexed = gateway.getWithKey(statusUrl);

    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.header("Location")).isEqualTo(statusUrl);
    assertThat(pending.json().get("status").asString()).isEqualTo("pending");
    assertThat(indexed.json().get("status").asString()).isEqualTo("indexed");
    assertThat(indexed.json().get("chunks_processed").asInt()).isEqualTo(15);
  }

  @Test
  void whatBecameOfADocumentIsReadFromTheMirrorOnceItIsForgottenHere() {
    ObjectNode event =
        Json.object()
            .put("event_type", "document_indexed")
            .put("subject", "github://acme/docs/a.md")
            .put("timestamp", "2026-01-19T10:00:00+00:00");
    event.putObject("data").put("request_id", "r-1").put("chunks_processed", 15);
    gateway.rows.set(List.of(event));

    Answer answer = gateway.getWithKey("/api/knowledge/documents/r-1");

    assertThat(answer.json())
        .hasToString(
            "{\"request_id\":\"r-1\",\"status\":\"indexed\","
                + "\"document_uri\":\"github://acme/docs/a.md\",\"chunks_processed\":15,"
                + "\"embeddings_created\":null,\"model\":null,\"reason\":null,"
                + "\"indexed_at\":\"2026-01-19T10:00:00+00:00\"}");
  }

  @Test
  void aDocumentOfWhichTheMirrorKnowsOnlyTheChangeIsPending() {
    ObjectNode event =
        Json.object().put("event_type", "document_changed").put("subject", "document://a");
    event.putObject("data").put("request_id", "r-1");
    gateway.rows.set(List.of(event));

    Answer answer = gateway.getWithKey("/api/knowledge/documents/r-1");

    assertThat(answer.json()).hasToString("{\"request_id\":\"r-1\",\"status\":\"pending\"}");
  }

  @Test
  void anUnknownDocumentRequestIsNotFound() {
    assertThat(gateway.getWithKey("/api/knowledge/documents/nothing").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"repository\": \"acme\", \"filePath\": \"a.md\"}",
        "{\"repository\": \"acme/docs\", \"filePath\": \"../../etc/passwd\"}",
        "{\"repository\": \"acme/docs\", \"filePath\": \"/etc/passwd\"}",
        "{\"repository\": \"acme/docs\"}",
        "{\"content\": \"text without a name\"}",
        "{\"content\": 7, \"title\": \"x\"}",
        "{\"content\": \"x\", \"title\": \"!\"}"
      })
  void badDocumentsAreRefused(String body) {
    Answer answer = gateway.postWithKey("/api/knowledge/documents", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).isNotEmpty();
    assertThat(gateway.sink.on(Topics.DOCUMENT_CHANGES)).isEmpty();
  }

  @Test
  void aDocumentIsRemovedByItsAddress() {
    gateway.rows.set(List.of(Json.object().put("there", 1)));
    IndexingWorker.answers(gateway, IndexingStatus.REMOVED, null);

    Answer answer = gateway.deleteWithKey("/api/knowledge/documents?uri=document://hours");

    assertThat(answer.json().toString()).isEqualTo("{\"success\":true,\"status\":\"removed\"}");
    DocumentChange change = gateway.sink.values(Topics.DOCUMENT_CHANGES).getFirst();
    assertThat(change.getChange()).isEqualTo(ChangeType.REMOVED);
    assertThat(change.getDocumentUri()).isEqualTo("document://hours");
  }

  @Test
  void aDocumentThatIsNotThereCannotBeRemoved() {
    assertThat(gateway.deleteWithKey("/api/knowledge/documents?uri=document://none").status())
        .isEqualTo(404);
    assertThat(gateway.deleteWithKey("/api/knowledge/documents").fields()).containsExactly("uri");
    assertThat(gateway.sink.on(Topics.DOCUMENT_CHANGES)).isEmpty();
  }

  @Test
  void addressesAreDocumentsOfTheirOwn() {
    Answer answer =
        gateway.postWithKey(
            "/api/knowledge/documents",
            "{\"urls\": [\"https://example.com/a.pdf\", \"https://example.com/b\"]}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().at("/requests")).hasSize(2);
    assertThat(gateway.sink.on(Topics.DOCUMENT_CHANGES))
        .extracting(each -> ((DocumentChange) each.value()).getDocumentUri())
        .containsExactly("https://example.com/a.pdf", "https://example.com/b");
  }

  @Test
  void aFolderIsOneChangeThatTheWorkerTakesApart() {
    gateway.sink.react(written -> {
      if (written.value() instanceof DocumentChange change) {
        DocumentEmbedding found = IndexingWorker.embedding(change, IndexingStatus.UNCHANGED, null);
        gateway
            .gateway
            .knowledge()
            .saw(DocumentEmbedding.newBuilder(found).setDocuments(7).build());
      }
    });

    Answer answer =
        gateway.postWithKey(
            "/api/knowledge/documents", "{\"repository\": \"acme/docs\", \"folder\": \"docs\"}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().at("/documents").asInt()).isEqualTo(7);
    DocumentChange change =
        (DocumentChange) gateway.sink.on(Topics.DOCUMENT_CHANGES).getFirst().value();
    assertThat(change.getFilePath()).isEqualTo("docs/");
  }

  @Test
  void whatPostgresCannotHoldIsRefusedWithItsPlace() {
    assertThat(gateway.getWithKey("/api/knowledge/documents/%00").fields())
        .containsExactly("requestId");
    assertThat(
            gateway
                .postWithKey(
                    "/api/knowledge/documents", "{\"title\": \"a\\u0000\", \"content\": \"x\"}")
                .fields())
        .containsExactly("/title");
    assertThat(gateway.sink.on(Topics.DOCUMENT_CHANGES)).isEmpty();
  }
}
