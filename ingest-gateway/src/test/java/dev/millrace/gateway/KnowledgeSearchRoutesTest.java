package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.knowledge.answer.Answer.Citation;
import dev.millrace.knowledge.answer.Answer.Found;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchHit.Place;
import dev.millrace.knowledge.search.SearchHit.Relevance;
import dev.millrace.schemas.usage.ModelUsage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KnowledgeSearchRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

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
  void aQuestionThatPostgresCannotHoldIsRefused() {
    assertThat(gateway.getWithKey("/api/knowledge/search?q=a%00b").fields()).containsExactly("q");
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
}
