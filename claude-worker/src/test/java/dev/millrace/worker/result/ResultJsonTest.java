package dev.millrace.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.Provider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultJsonTest {

  @Test
  void aResultSaysWhoAnsweredWhatWasWrittenAndWhereItIs() throws JsonProcessingException {
    Commit commit =
        Commit.newBuilder()
            .setRepository("acme/handbook")
            .setBranch("main")
            .setSha("abc")
            .setUrl("http://localhost/abc")
            .setPaths(List.of("a.md"))
            .build();

    JsonNode json =
        read(
            Provider.OFFLINE,
            new Completed("text", List.of(new ResultFile("a.md", "é")), null),
            Optional.of(commit));

    assertThat(json)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"provider": "offline", "offline": true, "text": "text",
                     "files": [{"path": "a.md", "bytes": 2}],
                     "commit_sha": "abc", "branch": "main", "github_url": "http://localhost/abc"}
                    """));
  }

  @Test
  void aResultIsCutAtItsLimitAndHoldsNoCredential() throws JsonProcessingException {
    String text = "password=hunter2-not-real " + "é".repeat(AgentResult.MAX_BYTES);

    String shown =
        read(Provider.ANTHROPIC, new Completed(text, List.of(), "m"), Optional.empty())
            .path("text")
            .textValue();

    assertThat(shown).startsWith("password=[redacted]").endsWith("longer than 1 MB]");
    assertThat(shown.getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(AgentResult.MAX_BYTES + 100);
  }

  private static JsonNode read(Provider provider, Completed completed, Optional<Commit> commit)
      throws JsonProcessingException {
    return new ObjectMapper().readTree(ResultJson.of(provider, completed, commit, Map.of()));
  }
}
