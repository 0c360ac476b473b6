package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.worker.ClaudeWorkerApp;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An agent searches the knowledge base while it works. */
@ExtendWith(WithMillrace.class)
class AgentSearchIT {

  @Test
  void whatItsSearchCostsIsCountedToItsTaskAndInItsTrace(Millrace millrace) throws Exception {
    try (ScriptedModel model =
            new ScriptedModel(1, "search_knowledge", "{\"query\":\"Who keeps the lock?\"}");
        ScriptedEmbeddings embeddings = new ScriptedEmbeddings();
        AppBeside _ =
            AppBeside.inPlaceOf(millrace, new ClaudeWorkerApp(), environment(model, embeddings))) {

      // when
      String task = accepted(millrace);

      // then
      eventually()
          .untilAsserted(() ->
              assertThat(
                      Queries.texts(
                          millrace,
                          """
                          SELECT DISTINCT c.component || ' ' || c.agent
                            FROM cost_tracking c JOIN ai_tasks t USING (task_id, trace_id)
                           WHERE task_id = ? AND t.status = 'completed' AND c."costDollars" > 0
                           ORDER BY 1
                          """,
                          task))
                  .containsExactly("claude-worker embedding", "orchestrator chatgpt"));
      assertThat(embeddings.embedded()).containsExactly("Who keeps the lock?");
    }
  }

  private static Map<String, String> environment(
      ScriptedModel model, ScriptedEmbeddings embeddings) {
    Map<String, String> environment = new HashMap<>(embeddings.environment());
    environment.put("ANTHROPIC_API_KEY", "not-a-real-key");
    environment.put("ANTHROPIC_BASE_URL", model.url());
    environment.put("AGENT_PROVIDERS", "chatgpt=anthropic");
    environment.put("AGENT_TOOLS", "knowledge");
    environment.put("MODEL_PRICES", "claude-scripted=3/15/0.3/3.75,scripted=20/0/0/0");
    return environment;
  }

  private static String accepted(Millrace millrace) {
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/orchestrator",
                "{\"taskType\":\"analysis\",\"payload\":{\"description\":\"Who keeps it?\"}}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("assigned_agent").asText()).isEqualTo("chatgpt");
    return answer.json().path("task_id").asText();
  }
}
