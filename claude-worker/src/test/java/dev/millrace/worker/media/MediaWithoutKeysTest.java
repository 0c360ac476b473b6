package dev.millrace.worker.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.worker.agent.Provider;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MediaWithoutKeysTest {

  private final MediaFixture fixture = new MediaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void withoutKeysNothingIsAskedAndTheAnswerSaysWhy() throws Exception {
    // given
    MediaAgent agent = fixture.agent(Map.of());

    // when
    JsonNode made =
        MediaFixture.completed(
            agent.run(MediaFixture.run(MediaFixture.ONE_SHOT, 0), fixture.reporter));

    // then
    assertThat(agent.provider()).isEqualTo(Provider.OFFLINE);
    assertThat(made.toString())
        .isEqualTo(
            "{\"offline\":true,\"assets\":[],\"not_made\":["
                + "{\"shot\":1,\"kind\":\"image\",\"reason\":\"KIE_API_KEY is not set\"},"
                + "{\"shot\":1,\"kind\":\"clip\",\"reason\":\"FAL_KEY is not set\"}]}");
    assertThat(fixture.reporter.lines).allMatch(line -> line.startsWith("[offline]"));
    assertThat(fixture.media.api.requests).isEmpty();
  }

  @Test
  void withoutTheKeyForClipsThereAreImages() throws Exception {
    // given
    MediaAgent agent =
        fixture.agent(
            Map.of(
                "KIE_API_KEY",
                "not-a-real-kie-key",
                "KIE_BASE_URL",
                fixture.media.uri().toString()));

    // when
    JsonNode made =
        MediaFixture.completed(
            agent.run(MediaFixture.run(MediaFixture.ONE_SHOT, 0), fixture.reporter));

    // then
    assertThat(made.path("offline").asBoolean()).isTrue();
    assertThat(made.path("assets")).hasSize(1);
    assertThat(made.at("/not_made/0/reason").asText()).isEqualTo("FAL_KEY is not set");
  }

  @Test
  void withoutTheKeyForImagesThereIsNothingToMove() throws Exception {
    // given
    MediaAgent agent =
        fixture.agent(
            Map.of(
                "FAL_KEY", "not-a-real-fal-key", "FAL_BASE_URL", fixture.media.uri().toString()));

    // when
    JsonNode made =
        MediaFixture.completed(
            agent.run(MediaFixture.run(MediaFixture.ONE_SHOT, 0), fixture.reporter));

    // then
    assertThat(made.at("/not_made/1/reason").asText()).contains("no picture");
    assertThat(fixture.media.api.requests).isEmpty();
  }
}
