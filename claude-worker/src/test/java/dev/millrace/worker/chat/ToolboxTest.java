package dev.millrace.worker.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.ChatModel.ToolResult;
import dev.millrace.worker.chat.ChatModel.ToolSpec;
import dev.millrace.worker.fixture.RecordingReporter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolboxTest {

  /** No key: what keys of a provider look like. */
  private static final String CREDENTIAL = "sk-ant-" + "x".repeat(40);

  private final RecordingReporter reporter = new RecordingReporter();
  private final Toolbox toolbox = new Toolbox(List.of(new RefusingTool()));

  @Test
  void anEventOfACallHoldsNoCredentialButTheToolAndTheModelGetWhatWasSaid() {
    ToolResult result =
        toolbox.call(new Call("1", "say", "{\"text\": \"" + CREDENTIAL + "\"}"), reporter);

    assertThat(result.content()).isEqualTo("refused: " + CREDENTIAL);
    ToolCall event = reporter.tools.getFirst();
    assertThat(event.getArguments()).isEqualTo("{\"text\": \"[redacted]\"}");
    assertThat(event.getSummary()).isEqualTo("refused: [redacted]");
  }

  @Test
  void aCredentialThatIsCutInTheMiddleIsNoneOfTheEvent() {
    String before = "x".repeat(1_980);

    toolbox.call(
        new Call("1", "say", "{\"text\": \"%s %s\"}".formatted(before, CREDENTIAL)), reporter);

    assertThat(reporter.tools.getFirst().getArguments()).doesNotContain("sk-");
  }

  @Test
  void aNameWithoutEndIsShortenedForTheEventAndForTheModel() {
    ToolResult result = toolbox.call(new Call("1", "x".repeat(1_000_000), "{}"), reporter);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.content()).startsWith("there is no tool 'xxx").hasSizeLessThan(200);
    assertThat(reporter.tools.getFirst().getName()).hasSizeLessThanOrEqualTo(100);
    assertThat(reporter.tools.getFirst().getSummary()).hasSizeLessThan(200);
  }

  @Test
  void aRefusalThatRepeatsAnEndlessArgumentIsShortened() {
    String text = "y".repeat(900_000);

    ToolResult result =
        toolbox.call(new Call("1", "say", "{\"text\": \"" + text + "\"}"), reporter);

    assertThat(result.content()).startsWith("refused: yyy").hasSizeLessThanOrEqualTo(2_000);
    assertThat(reporter.tools.getFirst().getSummary()).hasSizeLessThanOrEqualTo(2_000);
  }

  @Test
  void toolsThatHaveGivenAsMuchAsAModelCanReadGiveNoMore() {
    String all = "z".repeat(Toolbox.MAX_GIVEN);
    Toolbox giving = new Toolbox(List.of(new GivingTool(all)));
    giving.call(new Call("1", "give", "{}"), reporter);

    ToolResult second = giving.call(new Call("2", "give", "{}"), reporter);

    assertThat(second.succeeded()).isFalse();
    assertThat(second.content()).contains("all they give");
  }

  private record GivingTool(String text) implements Tool {

    @Override
    public ToolSpec spec() {
      return new ToolSpec("give", "Gives a text.", Map.of());
    }

    @Override
    public String perform(JsonNode arguments) {
      return text;
    }
  }

  private static final class RefusingTool implements Tool {

    @Override
    public ToolSpec spec() {
      return new ToolSpec("say", "Says a text.", Map.of("text", "what to say"));
    }

    @Override
    public String perform(JsonNode arguments) throws ToolFailedException {
      throw new ToolFailedException("refused: " + arguments.path("text").asText());
    }
  }
}
