package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.client.MillraceClient;
import dev.millrace.client.Tasks;
import dev.millrace.fixture.FakeMedia;
import dev.millrace.worker.ClaudeWorkerApp;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A video on its way from the gateway to its assets, on the running pipeline. */
@ExtendWith(WithMillrace.class)
class VideoIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String MESSAGE = "How a mill grinds flour. The wind turns the sails.";

  @Test
  void aVideoIsWrittenDirectedAndItsMediaMade(Millrace millrace) throws IOException {
    try (ScriptedTeam team = new ScriptedTeam();
        FakeMedia media = new FakeMedia();
        AppBeside _ = workerWith(millrace, team, media)) {
      // given
      Tasks tasks = client(millrace).tasks();

      // when
      String video = tasks.createVideo("ada", MESSAGE).taskId();

      // then
      Tasks.Task ended = tasks.awaitEnd(video, PATIENCE);
      assertThat(ended.status()).as(ended.toString()).isEqualTo("completed");
      assertThat(team.asked()).containsExactly("writer", "director");
      assertThat(team.prompt("writer")).contains(MESSAGE);
      assertThat(team.prompt("director")).contains("Flour, and how it is made");
      JsonNode result = requireNonNull(ended.result());
      assertThat(result.path("offline").asBoolean()).isFalse();
      assertThat(result.at("/script/title").asText()).isEqualTo("Flour, and how it is made");
      assertThat(result.at("/storyboard/shots/0/image_prompt").asText()).isEqualTo("A windmill");
      assertThat(result.at("/media/assets").findValuesAsText("url"))
          .containsExactly("https://cdn.example/mj-1.png", "https://cdn.example/clip-2.mp4");
      assertThat(
              Queries.count(
                  millrace,
                  "SELECT count(*) FROM ai_tasks WHERE parent_task_id = ? AND status = 'completed'",
                  video))
          .as("sub-tasks of the writer, the director and the producer")
          .isEqualTo(3);
      eventually()
          .untilAsserted(() ->
              assertThat(
                      Queries.texts(
                          millrace,
                          """
                          SELECT provider || ' ' || agent || ' ' || "costDollars" FROM cost_tracking
                           WHERE component = 'media' AND task_id LIKE ? ORDER BY "createdAt"
                          """,
                          video + "%"))
                  .containsExactly("kie image 0.050000", "fal clip 0.280000"));
    }
  }

  @Test
  void withoutKeysAVideoIsAScriptAndAStoryboardThatSayTheyAreOffline(Millrace millrace) {
    // given
    Tasks tasks = client(millrace).tasks();

    // when
    String video = tasks.createVideo("ada", MESSAGE).taskId();

    // then
    Tasks.Task ended = tasks.awaitEnd(video, PATIENCE);
    assertThat(ended.status()).as(ended.toString()).isEqualTo("completed");
    JsonNode result = requireNonNull(ended.result());
    assertThat(result.path("offline").asBoolean()).isTrue();
    assertThat(result.at("/script/offline").asBoolean()).isTrue();
    assertThat(result.at("/script/scenes/1/narration").asText())
        .isEqualTo("The wind turns the sails.");
    assertThat(result.at("/storyboard/shots")).hasSize(2);
    assertThat(result.at("/media/assets")).isEmpty();
    assertThat(result.at("/media/not_made").findValuesAsText("reason"))
        .containsOnly("KIE_API_KEY is not set", "FAL_KEY is not set");
  }

  private static AppBeside workerWith(Millrace millrace, ScriptedTeam team, FakeMedia media) {
    return AppBeside.inPlaceOf(
        millrace,
        new ClaudeWorkerApp(),
        Map.of(
            "WORKER_AGENTS", "claude",
            "AGENT_PROVIDERS", "claude=anthropic",
            "ANTHROPIC_API_KEY", "not-a-real-key",
            "ANTHROPIC_BASE_URL", team.url(),
            "KIE_API_KEY", "not-a-real-key",
            "KIE_BASE_URL", media.uri().toString(),
            "FAL_KEY", "not-a-real-key",
            "FAL_BASE_URL", media.uri().toString(),
            "MEDIA_POLL_INTERVAL", "100ms",
            "MODEL_PRICES",
                "midjourney=0/50000/0/0,"
                    + "fal-ai/kling-video/v2.1/standard/image-to-video=0/56000/0/0"));
  }

  private static MillraceClient client(Millrace millrace) {
    return MillraceClient.at(millrace.gateway().uri()).apiKey(millrace.gateway().apiKey()).build();
  }
}
