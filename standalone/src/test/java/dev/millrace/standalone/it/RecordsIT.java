package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is kept for users, from the gateway to the tables and back. */
@ExtendWith(WithMillrace.class)
class RecordsIT {

  private final String run = UUID.randomUUID().toString();
  private final String ada = "ada-" + run;
  private final String bob = "bob-" + run;

  @Test
  void aCampaignIsMadeChangedLinkedAndRemovedWithItsLinks(Millrace millrace) {
    // given
    JsonNode made = send(millrace, ada, "POST", "campaigns", "{\"name\":\"Autumn\"}", 201);
    String path = "campaigns/" + made.path("id").asText();
    String link =
        "{\"project_id\":\"acme/mill\",\"campaign_id\":\"%s\"}".formatted(made.path("id").asText());

    // when
    JsonNode changed =
        send(millrace, ada, "PUT", path, "{\"name\":\"Winter\",\"status\":\"active\"}", 200);
    send(millrace, ada, "POST", "project-campaigns", link, 201);
    JsonNode again = send(millrace, ada, "POST", "project-campaigns", link, 200);
    JsonNode foreign = send(millrace, bob, "POST", "project-campaigns", link, 400);
    send(millrace, bob, "PUT", path, "{\"name\":\"Mine\"}", 404);
    send(millrace, ada, "DELETE", path, "", 200);

    // then
    assertThat(changed.path("name").asText()).isEqualTo("Winter");
    assertThat(changed.path("revision").asInt()).isEqualTo(2);
    assertThat(again.path("campaign_id")).isEqualTo(made.path("id"));
    assertThat(foreign.at("/errors/0/field").asText()).isEqualTo("/campaign_id");
    send(millrace, ada, "GET", path, "", 404);
    assertThat(send(millrace, ada, "GET", "project-campaigns", "", 200).at("/project_campaigns"))
        .isEmpty();
  }

  @Test
  void whatTheTablesDoNotTakeIsAProblemThatNamesTheField(Millrace millrace) {
    JsonNode ends =
        send(
            millrace,
            ada,
            "POST",
            "campaigns",
            "{\"name\":\"a\",\"starts_on\":\"2026-02-01\",\"ends_on\":\"2026-01-01\"}",
            400);
    String first = "{\"kind\":\"category\",\"value\":\"a\",\"weight\":1}";
    send(millrace, ada, "POST", "user-preferences", first, 201);
    String second = "{\"kind\":\"category\",\"value\":\"b\",\"weight\":1}";
    String id = send(millrace, ada, "POST", "user-preferences", second, 201).path("id").asText();

    JsonNode taken = send(millrace, ada, "PUT", "user-preferences/" + id, first, 409);

    assertThat(ends.at("/errors/0/field").asText()).isEqualTo("/ends_on");
    assertThat(taken.path("detail").asText()).contains("value");
  }

  @Test
  void aListComesInPagesWithoutGapsAndOnlyToItsUser(Millrace millrace) {
    // given
    for (int i = 0; i < 5; i++) {
      send(millrace, ada, "POST", "campaigns", "{\"name\":\"c%d\"}".formatted(i), 201);
    }

    // when
    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = send(millrace, ada, "GET", "campaigns?limit=2&cursor=" + cursor, "", 200);
      page.path("campaigns").forEach(campaign -> names.add(campaign.path("name").asText()));
      cursor = page.path("next_cursor").asText("");
      cursor = cursor.equals("null") ? "" : cursor;
    } while (!cursor.isEmpty());

    // then
    assertThat(names).containsExactly("c0", "c1", "c2", "c3", "c4");
    assertThat(send(millrace, bob, "GET", "campaigns", "", 200).path("campaigns")).isEmpty();
    assertThat(visible(millrace, ada)).isEqualTo(5);
    assertThat(visible(millrace, bob)).isZero();
    assertThat(visible(millrace, "")).isZero();
  }

  /** Campaigns that row-level security shows to a user, whatever is asked for. */
  private static long visible(Millrace millrace, String user) {
    Jdbi apps =
        Jdbi.create(
            millrace.pipeline().stack().addresses().jdbcUrl(),
            "millrace",
            millrace.credential("DATABASE_PASSWORD"));
    return apps.inTransaction(handle -> {
      handle.execute("SET LOCAL ROLE millrace_learner");
      handle.execute("SELECT set_config('millrace.user_id', ?, true)", user);
      return handle.createQuery("SELECT count(*) FROM knowledge.campaigns").mapTo(Long.class).one();
    });
  }

  @Test
  void preferencesAndRatingsMoveWhatAUserFindsAndNobodyElse(Millrace millrace) {
    // given
    for (String category : List.of("alpha", "beta")) {
      document(millrace, category, "The sluice hinge is oiled with linseed every autumn.");
    }
    String first = found(millrace, bob).at("/results/0/category").asText();
    String other = first.equals(run + "alpha") ? run + "beta" : run + "alpha";

    // when
    send(
        millrace,
        ada,
        "POST",
        "user-preferences",
        "{\"kind\":\"category\",\"value\":\"%s\",\"weight\":1}".formatted(other),
        201);

    // then
    JsonNode moved = found(millrace, ada).at("/results/0");
    assertThat(moved.path("category").asText()).isEqualTo(other);
    assertThat(moved.at("/influences/0/reason").asText())
        .isEqualTo("stated: more of category " + other);
    assertThat(found(millrace, bob).at("/results/0/category").asText()).isEqualTo(first);

    // and
    send(
        millrace,
        ada,
        "POST",
        "project-feedback",
        "{\"project_id\":\"p\",\"document_uri\":\"it://%s/%s\",\"rating\":5}"
            .formatted(run, first.substring(run.length())),
        201);
    JsonNode learned =
        send(millrace, ada, "GET", "user-preferences?kind=category", "", 200)
            .path("user_preferences");
    assertThat(learned)
        .anySatisfy(preference -> {
          assertThat(preference.path("value").asText()).isEqualTo(first);
          assertThat(preference.path("origin").asText()).isEqualTo("learned");
        });
    send(
        millrace,
        ada,
        "POST",
        "user-preferences",
        "{\"kind\":\"category\",\"value\":\"%s\",\"weight\":-1}".formatted(first),
        201);
    assertThat(send(millrace, ada, "GET", "user-preferences", "", 200).at("/user_preferences"))
        .hasSize(2)
        .allSatisfy(
            preference -> assertThat(preference.path("origin").asText()).isEqualTo("stated"));
  }

  @Test
  void aFileOfAUserIsIndexedAndGoesWithItsRecord(Millrace millrace) {
    // given
    String text = "The ferry leaves at noon from the northern pier.";
    JsonNode file = send(millrace, ada, "POST", "user-files?name=ferry.md", text, 201);
    String uri = file.path("document_uri").asText();
    Eventually.eventually().untilAsserted(() -> assertThat(chunks(millrace, uri)).isEqualTo(1));

    // when
    send(millrace, ada, "DELETE", "user-files/" + file.path("id").asText(), "", 200);

    // then
    Eventually.eventually().untilAsserted(() -> assertThat(chunks(millrace, uri)).isZero());
    assertThat(send(millrace, ada, "GET", "user-files", "", 200).path("user_files")).isEmpty();
  }

  @Test
  void aTextOfAProjectHasAVectorOfTheModel(Millrace millrace) {
    JsonNode made =
        send(
            millrace,
            ada,
            "POST",
            "project-embeddings",
            "{\"project_id\":\"acme/mill\",\"content\":\"It grinds what comes.\"}",
            201);

    assertThat(made.path("dimensions").asInt()).isEqualTo(384);
    assertThat(
            Queries.count(
                millrace,
                "SELECT vector_dims(embedding) FROM knowledge.project_embeddings WHERE id = ?::uuid",
                made.path("id").asText()))
        .isEqualTo(384);
  }

  private static long chunks(Millrace millrace, String uri) {
    return Queries.count(millrace, "SELECT count(*) FROM embeddings WHERE source = ?", uri);
  }

  private void document(Millrace millrace, String category, String text) {
    String body =
        new ObjectMapper()
            .createObjectNode()
            .put("uri", "it://" + run + "/" + category)
            .put("content", text)
            .put("category", run + category)
            .toString();
    assertThat(millrace.gateway().post("/api/knowledge/documents", body).status()).isEqualTo(200);
  }

  private static JsonNode found(Millrace millrace, String user) {
    return millrace
        .gateway()
        .send(
            millrace
                .gateway()
                .request("/api/knowledge/search?k=5&q=When+is+the+sluice+hinge+oiled+with+linseed")
                .header("X-API-Key", millrace.gateway().apiKey())
                .header("X-User-ID", user)
                .GET())
        .json();
  }

  private static JsonNode send(
      Millrace millrace, String user, String method, String path, String body, int status) {
    HttpRequest.Builder request =
        millrace
            .gateway()
            .request("/api/knowledge/" + path)
            .header("X-API-Key", millrace.gateway().apiKey())
            .header("X-User-ID", user)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!path.startsWith("user-files")) {
      request.header("Content-Type", "application/json");
    }
    Gateway.Answer answer = millrace.gateway().send(request);
    assertThat(answer.status()).as(method + " " + path + ": " + answer.text()).isEqualTo(status);
    return answer.json();
  }
}
