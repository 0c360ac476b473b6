package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.auth.Person;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.knowledge.KnowledgeRecord;
import dev.millrace.schemas.knowledge.KnowledgeRequest;
import dev.millrace.schemas.knowledge.RecordAction;
import dev.millrace.schemas.knowledge.RecordKind;
import dev.millrace.schemas.knowledge.RecordOutcome;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class RecordRoutesTest {

  private static final String ID = "7d0ae8b2-3f0e-4c5e-9d0a-2f6d1f8f0a11";
  private static final String CAMPAIGNS = "/api/knowledge/campaigns";
  private static final String[] AS_ADA = {
    "X-API-Key", GatewayFixture.API_KEY, "X-User-ID", "ada", "X-Tenant-ID", "mills"
  };

  @RegisterExtension
  private final GatewayFixture gateway =
      GatewayFixture.start(Map.of("GATEWAY_RECORD_TIMEOUT", "200ms"));

  private void ownerAnswers(RecordOutcome outcome, @Nullable String code, @Nullable String field) {
    gateway.sink.react(written -> {
      if (written.value() instanceof KnowledgeRequest request) {
        gateway
            .gateway
            .knowledge()
            .saw(
                KnowledgeRecord.newBuilder()
                    .setRequestId(request.getRequestId())
                    .setRecordId(request.getRecordId())
                    .setKind(request.getKind())
                    .setOutcome(outcome)
                    .setUserId(request.getUserId())
                    .setData(code == null ? request.getData() : null)
                    .setCode(code)
                    .setField(field)
                    .setReason(code == null ? null : "expected another")
                    .setOccurredAt(Instant.now())
                    .build());
      }
    });
  }

  private KnowledgeRequest sent() {
    return gateway.sink.values(Topics.KNOWLEDGE_REQUESTS).getFirst();
  }

  private void thereIs(ObjectNode row) {
    gateway.rows.set(List.of(row));
  }

  @Test
  void aRecordIsAnEventOfTheUserAndAnsweredWhenItIsKept() {
    // given
    ownerAnswers(RecordOutcome.CREATED, null, null);

    // when
    Answer answer = gateway.post(CAMPAIGNS, "{\"name\": \"Autumn\"}", AS_ADA);

    // then
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text()).isEqualTo("{\"name\":\"Autumn\",\"status\":\"draft\"}");
    assertThat(sent().getKind()).isEqualTo(RecordKind.CAMPAIGN);
    assertThat(sent().getAction()).isEqualTo(RecordAction.PUT);
    assertThat(sent().getUserId()).isEqualTo("ada");
    assertThat(sent().getTenant()).isEqualTo("mills");
    assertThat(gateway.sink.on(Topics.KNOWLEDGE_REQUESTS).getFirst().key()).isEqualTo("ada");
  }

  @Test
  void whatAUserHasOnceIsTheSameRecordWhenItIsSentAgain() {
    ownerAnswers(RecordOutcome.CREATED, null, null);
    String path = "/api/knowledge/user-preferences";

    gateway.post(path, "{\"kind\":\"category\",\"value\":\"a\",\"weight\":1}", AS_ADA);
    gateway.post(path, "{\"kind\":\"category\",\"value\":\"a\",\"weight\":0.5}", AS_ADA);
    gateway.post(path, "{\"kind\":\"category\",\"value\":\"b\",\"weight\":1}", AS_ADA);

    List<String> ids =
        gateway.sink.values(Topics.KNOWLEDGE_REQUESTS).stream()
            .map(KnowledgeRequest::getRecordId)
            .toList();
    assertThat(ids.get(1)).isEqualTo(ids.get(0));
    assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "campaigns         | {}                                                    | /name",
        "campaigns         | {'name':'a','status':'lost'}                          | /status",
        "campaigns         | {'name':'a','starts_on':'soon'}                       | /starts_on",
        "campaigns         | {'name':'a','colour':'red'}                           | /colour",
        "project-campaigns | {'project_id':'a','campaign_id':'b'}                  | /campaign_id",
        "project-feedback  | {'project_id':'a','rating':6}                         | /rating",
        "user-preferences  | {'kind':'colour','value':'red','weight':1}            | /kind",
        "user-preferences  | {'kind':'category','value':'a','weight':-2}           | /weight",
        "project-embeddings| {'project_id':'a','content':''}                       | /content",
      })
  void aBodyThatIsWrongNamesTheField(String collection, String body, String field) {
    Answer answer = gateway.post("/api/knowledge/" + collection, body.replace('\'', '"'), AS_ADA);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).contains(field);
    assertThat(gateway.sink.values(Topics.KNOWLEDGE_REQUESTS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"conflict, 409", "invalid, 400", "not_found, 404"})
  void whatTheOwnerRefusesIsAProblem(String code, int status) {
    ownerAnswers(RecordOutcome.REFUSED, code, "campaign_id");

    Answer answer =
        gateway.post(
            "/api/knowledge/project-campaigns",
            "{\"project_id\": \"p\", \"campaign_id\": \"%s\"}".formatted(ID),
            AS_ADA);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains("expected another");
  }

  @Test
  void whatIsNotDoneInTimeIsOnRecord() {
    Answer answer = gateway.post(CAMPAIGNS, "{\"name\": \"Autumn\"}", AS_ADA);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("id").asString()).isEqualTo(sent().getRecordId());
  }

  @Test
  void aUserReadsWithATokenAndNobodyElsesRecords() {
    String token = GatewayFixture.bearer("bob");

    Answer own = gateway.get(CAMPAIGNS, "Authorization", token);
    Answer others = gateway.get(CAMPAIGNS, "Authorization", token, "X-User-ID", "ada");
    Answer nobody = gateway.getWithKey(CAMPAIGNS);

    assertThat(own.status()).isEqualTo(200);
    assertThat(gateway.readBy.get()).isEqualTo(new Person("bob", ""));
    assertThat(others.status()).isEqualTo(403);
    assertThat(nobody.status()).isEqualTo(400);
    assertThat(nobody.fields()).containsExactly("X-User-ID");
  }

  @Test
  void aPageEndsWhereTheNextBegins() {
    ObjectNode row = Json.object().put("id", ID).put("created_at", "2026-01-01T00:00:00+00:00");
    gateway.rows.set(List.of(row, row));

    Answer page = gateway.get(CAMPAIGNS + "?limit=1", AS_ADA);
    String cursor = page.json().path("next_cursor").asString();

    assertThat(page.json().path("campaigns")).hasSize(1);
    assertThat(gateway.get(CAMPAIGNS + "?cursor=" + cursor, AS_ADA).status()).isEqualTo(200);
    assertThat(gateway.get(CAMPAIGNS + "?cursor=Zm9v", AS_ADA).fields()).containsExactly("cursor");
  }

  @Test
  void onlyARecordOfTheUserIsReplacedOrRemoved() {
    // given
    ownerAnswers(RecordOutcome.REMOVED, null, null);
    HttpRequest.Builder removal =
        HttpRequest.newBuilder(gateway.uri(CAMPAIGNS + "/" + ID)).DELETE().headers(AS_ADA);

    // when
    Answer missing = gateway.send(removal);
    thereIs(Json.object().put("id", ID));
    Answer removed = gateway.send(removal);

    // then
    assertThat(missing.status()).isEqualTo(404);
    assertThat(removed.status()).isEqualTo(200);
    assertThat(sent().getAction()).isEqualTo(RecordAction.REMOVE);
    assertThat(sent().getRecordId()).isEqualTo(ID);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, campaigns, '{\"name\": \"Autumn\"}'",
    "DELETE, campaigns, ''",
    "DELETE, user-files, ''"
  })
  void whoeverChangesARecordHasAskedOnce(String method, String collection, String body) {
    try (GatewayFixture strict =
        GatewayFixture.start(
            Map.of(
                "GATEWAY_RECORD_TIMEOUT", "1ms",
                "RATE_LIMIT_PER_SECOND", "1",
                "RATE_LIMIT_BURST", "1"))) {
      // given
      strict.rows.set(List.of(Json.object().put("id", ID).put("document_uri", "upload://a")));

      // when
      Answer answer =
          strict.send(
              HttpRequest.newBuilder(strict.uri("/api/knowledge/" + collection + "/" + ID))
                  .headers(AS_ADA)
                  .method(method, HttpRequest.BodyPublishers.ofString(body)));

      // then
      assertThat(answer.status()).isEqualTo(202);
    }
  }

  @Test
  void aFileIsARecordAndADocumentAndGoesWithBoth() {
    // given
    ownerAnswers(RecordOutcome.CREATED, null, null);
    byte[] file = "# Rye".getBytes(UTF_8);

    // when
    Answer kept =
        gateway.send(
            HttpRequest.newBuilder(
                    gateway.uri("/api/knowledge/user-files?name=rye.md&project_id=acme/mill"))
                .headers(AS_ADA)
                .POST(HttpRequest.BodyPublishers.ofByteArray(file)));
    thereIs(Json.object().put("id", ID).put("document_uri", "upload://mills/ada/rye.md"));
    gateway.send(
        HttpRequest.newBuilder(gateway.uri("/api/knowledge/user-files/" + ID))
            .headers(AS_ADA)
            .DELETE());

    // then
    assertThat(kept.status()).isEqualTo(201);
    assertThat(kept.json().path("size_bytes").asInt()).isEqualTo(file.length);
    List<DocumentChange> changes = gateway.sink.values(Topics.DOCUMENT_CHANGES);
    assertThat(changes)
        .extracting(DocumentChange::getDocumentUri)
        .containsOnly("upload://mills/ada/rye.md");
    assertThat(changes)
        .extracting(DocumentChange::getChange)
        .containsExactly(ChangeType.MODIFIED, ChangeType.REMOVED);
    assertThat(changes.getFirst().getTenant()).isEqualTo("mills");
  }

  @Test
  void usersWhoseNamesLookLikeThoseOfOthersKeepTheirFilesApart() {
    // given
    ownerAnswers(RecordOutcome.CREATED, null, null);

    // when
    upload("X-Tenant-ID", "mills", "X-User-ID", "ada");
    upload("X-User-ID", "mills/ada");
    upload("X-Tenant-ID", "mills/ada", "X-User-ID", "eve");
    upload("X-Tenant-ID", "mills", "X-User-ID", "ada/eve");

    // then
    assertThat(gateway.sink.<DocumentChange>values(Topics.DOCUMENT_CHANGES))
        .extracting(DocumentChange::getDocumentUri)
        .containsExactly(
            "upload://mills/ada/rye.md",
            "upload://mills%2Fada/rye.md",
            "upload://mills%2Fada/eve/rye.md",
            "upload://mills/ada%2Feve/rye.md");
  }

  private void upload(String... person) {
    Answer kept =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/api/knowledge/user-files?name=rye.md"))
                .header("X-API-Key", GatewayFixture.API_KEY)
                .headers(person)
                .POST(HttpRequest.BodyPublishers.ofString("# Rye")));
    assertThat(kept.status()).isEqualTo(201);
  }
}
