package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.knowledge.answer.Answer.Citation;
import dev.millrace.knowledge.answer.Answer.Found;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchHit.Place;
import dev.millrace.knowledge.search.SearchHit.Relevance;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.document.IndexingStatus;
import dev.millrace.schemas.usage.ModelUsage;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class KnowledgeRoutesTest {

  private static final String FILE =
      """
      {"repository": "acme/docs", "filePath": "docs/a.md", "branch": "main", "category": "blueprints"}
      """;

  private GatewayFixture gateway;

  @BeforeEach
  void start() {
    gateway = GatewayFixture.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/knowledge/documents", "/functions/v1/updateKnowledge"})
  void aFileIsAnsweredWhenItIsIndexed(String path) {
    workerAnswers(IndexingStatus.INDEXED, null);

    Answer answer = gateway.postWithKey(path, FILE);

    assertThat(answer.json().toString())
        .isEqualTo("{\"success\":true,\"chunks_processed\":15,\"embeddings_created\":15}");
    DocumentChange change = gateway.sink.values(Topics.DOCUMENT_CHANGES).getFirst();
    assertThat(change.getDocumentUri()).isEqualTo("github://acme/docs/docs/a.md");
    assertThat(change.getCategory()).isEqualTo("blueprints");
  }

  @Test
  void aTextGetsItsIdentityFromItsTitle() {
    workerAnswers(IndexingStatus.INDEXED, null);

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
    workerAnswers(IndexingStatus.INDEXED, null);

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
    workerAnswers(IndexingStatus.FAILED, "there is no such file");

    Answer answer = gateway.postWithKey("/api/knowledge/documents", FILE);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString()).contains("there is no such file");
  }

  @Test
  void aSlowDocumentIsAcceptedAndCanBeAskedFor() {
    Answer accepted = gateway.postWithKey("/api/knowledge/documents", FILE);
    String statusUrl = accepted.json().get("status_url").asString();
    Answer pending = gateway.getWithKey(statusUrl);
    gateway.gateway.saw(
        embedding(
            gateway.sink.values(Topics.DOCUMENT_CHANGES).getFirst(), IndexingStatus.INDEXED, null));

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
  void aSearchShowsItsHits() {
    gateway.hits.set(List.of(hit()));

    Answer answer = gateway.getWithKey("/api/knowledge/search?q=routing&k=3");

    assertThat(answer.json().get("count").asInt()).isEqualTo(1);
    assertThat(answer.json().at("/results/0/heading_path/1").asString()).isEqualTo("Routing");
    assertThat(answer.json().at("/results/0/similarity").asDouble()).isEqualTo(0.83);
    assertThat(answer.json().at("/results/0/stale").asBoolean()).isTrue();
    assertThat(answer.json().at("/results/0/text_rank").asInt()).isEqualTo(2);
    assertThat(answer.json().at("/mode").asString()).isEqualTo("hybrid");
  }

  @Test
  void anAnswerShowsItsCitationsAndWhoSaysSo() {
    gateway.answer.set(
        new Found(
            "It opens at nine. [1]", List.of(new Citation(hit(), List.of("It opens at nine.")))));

    Answer answer =
        gateway.postWithKey("/api/knowledge/ask", "{\"question\": \"When does it open?\"}");

    assertThat(answer.json().at("/mode").asString()).isEqualTo("offline-extractive");
    assertThat(answer.json().at("/answered").asBoolean()).isTrue();
    assertThat(answer.json().at("/citations/0/number").asInt()).isEqualTo(1);
    assertThat(answer.json().at("/citations/0/quotes/0").asString()).isEqualTo("It opens at nine.");
    assertThat(answer.json().at("/citations/0/start_line").asInt()).isEqualTo(10);
  }

  @Test
  void aQuestionThatNoSourceAnswersIsNotAnswered() {
    Answer answer = gateway.postWithKey("/api/knowledge/ask", "{\"question\": \"Why?\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/answered").asBoolean()).isFalse();
    assertThat(answer.json().at("/answer").isNull()).isTrue();
    assertThat(gateway.postWithKey("/api/knowledge/ask", "{}").fields())
        .containsExactly("/question");
  }

  @Test
  void whatAnAnswerOrASearchCostsIsCountedToTheTaskThatItIsFor() {
    gateway.postWithKey("/api/knowledge/ask", "{\"question\": \"Why?\", \"taskId\": \"task-7\"}");
    gateway.getWithKey("/api/knowledge/search?q=routing&task_id=task-8");
    gateway.getWithKey("/api/knowledge/search?q=routing");

    assertThat(gateway.usages)
        .extracting(ModelUsage::getTaskId)
        .containsExactly("task-7", "task-8", null);
  }

  @Test
  void aDocumentIsRemovedByItsAddress() {
    gateway.rows.set(List.of(Json.object().put("there", 1)));
    workerAnswers(IndexingStatus.REMOVED, null);

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
  void anUploadKeepsItsBytesAndItsType() {
    workerAnswers(IndexingStatus.INDEXED, null);

    Answer answer =
        gateway.uploadWithKey(
            "/api/knowledge/files?name=hand%20book.pdf&category=office",
            new byte[] {37, 80, 68, 70}, "application/pdf");

    assertThat(answer.json().at("/chunks_processed").asInt()).isEqualTo(15);
    DocumentChange change =
        (DocumentChange) gateway.sink.on(Topics.DOCUMENT_CHANGES).getFirst().value();
    assertThat(change.getDocumentUri()).isEqualTo("upload://hand_book.pdf");
    assertThat(change.getContentBytes()).isEqualTo(ByteBuffer.wrap(new byte[] {37, 80, 68, 70}));
    assertThat(change.getContentType()).isEqualTo("application/pdf");
    assertThat(gateway.uploadWithKey("/api/knowledge/files", new byte[1], "text/plain").fields())
        .containsExactly("name");
  }

  @Test
  void anUploadMayComeInAForm() {
    workerAnswers(IndexingStatus.INDEXED, null);

    gateway.uploadWithKey(
        "/api/knowledge/files",
        """
        --x\r
        Content-Disposition: form-data; name="category"\r
        \r
        office\r
        --x\r
        Content-Disposition: form-data; name="file"; filename="C:\\docs\\Öl.md"\r
        Content-Type: text/markdown\r
        \r
        # Oil\r
        --x--\r
        """
            .getBytes(UTF_8),
        "multipart/form-data; boundary=x");

    DocumentChange change =
        (DocumentChange) gateway.sink.on(Topics.DOCUMENT_CHANGES).getFirst().value();
    assertThat(change.getDocumentUri()).isEqualTo("upload://Öl.md");
    assertThat(change.getCategory()).isEqualTo("office");
    assertThat(change.getContentType()).isEqualTo("text/markdown");
    assertThat(change.getContentBytes()).isEqualTo(ByteBuffer.wrap("# Oil".getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.md\"\r\n\r\ncut",
        "not a form at all"
      })
  void aFormWithoutAWholeFileIsRefused(String form) {
    Answer answer =
        gateway.uploadWithKey(
            "/api/knowledge/files", form.getBytes(UTF_8), "multipart/form-data; boundary=x");

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.text()).contains("expected a form with one file");
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
        DocumentEmbedding found = embedding(change, IndexingStatus.UNCHANGED, null);
        gateway.gateway.saw(DocumentEmbedding.newBuilder(found).setDocuments(7).build());
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
  void aSearchNeedsAQuestion() {
    assertThat(gateway.getWithKey("/api/knowledge/search").fields()).containsExactly("q");
    assertThat(gateway.getWithKey("/api/knowledge/search?q=x&k=1000").fields())
        .containsExactly("k");
    assertThat(gateway.getWithKey("/api/knowledge/search?q=x&mode=fuzzy").fields())
        .containsExactly("mode");
  }

  @Test
  void theLongestSearchFitsIntoTheRequestLineInEveryScript() {
    String longest = URLEncoder.encode("磨".repeat(8_000), StandardCharsets.UTF_8);

    Answer answer = gateway.getWithKey("/api/knowledge/search?q=" + longest);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void whatPostgresCannotHoldIsRefusedWithItsPlace() {
    assertThat(gateway.getWithKey("/api/knowledge/search?q=a%00b").fields()).containsExactly("q");
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

  private static SearchHit hit() {
    return new SearchHit(
        "github://acme/docs/a.md",
        "Tasks",
        "blueprints",
        "acme/docs",
        "Tasks are routed by type.",
        new Place(List.of("Tasks", "Routing"), 2, 9, 10, 14, null),
        "abc",
        true,
        0.032,
        new Relevance(0.83, 4.5, 1, 2));
  }

  private void workerAnswers(IndexingStatus status, @Nullable String reason) {
    gateway.sink.react(written -> {
      if (written.value() instanceof DocumentChange change) {
        gateway.gateway.saw(embedding(change, status, reason));
      }
    });
  }

  private static DocumentEmbedding embedding(
      DocumentChange change, IndexingStatus status, @Nullable String reason) {
    return DocumentEmbedding.newBuilder()
        .setDocumentUri(change.getDocumentUri())
        .setStatus(status)
        .setChunksProcessed(15)
        .setEmbeddingsCreated(15)
        .setReason(reason)
        .setRequestId(change.getRequestId())
        .setIndexedAt(Instant.now())
        .build();
  }
}
