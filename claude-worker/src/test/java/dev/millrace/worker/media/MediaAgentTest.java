package dev.millrace.worker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.FakeMedia;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.ApprovalRequiredException;
import dev.millrace.worker.media.Generations.Standing;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaAgentTest {

  private final MediaFixture fixture = new MediaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void eachShotGetsAnImageAndAClipFromIt() throws Exception {
    // when
    JsonNode made = MediaFixture.completed(fixture.produce(MediaFixture.TWO_SHOTS));

    // then
    assertThat(made.path("offline").asBoolean()).isFalse();
    assertThat(made.path("not_made")).isEmpty();
    assertThat(made.path("assets")).hasSize(4);
    assertThat(made.at("/assets/0").toString())
        .isEqualTo(
            "{\"shot\":1,\"kind\":\"image\",\"provider\":\"kie\",\"model\":\"midjourney\","
                + "\"url\":\"https://cdn.example/mj-1.png\"}");
    assertThat(made.at("/assets/1/url").asText()).matches("https://cdn.example/clip-\\d\\.mp4");
    assertThat(fixture.paid).containsExactlyInAnyOrder("kie 1", "kie 1", "fal 10", "fal 5");
  }

  @Test
  void theServicesAreAskedInTheirProtocols() throws Exception {
    // when
    fixture.produce(MediaFixture.ONE_SHOT);

    // then
    FakeApi.Request image = fixture.first(FakeMedia.IMAGES);
    assertThat(image.headers().getFirst("Authorization")).isEqualTo("Bearer not-a-real-kie-key");
    assertThat(MediaFixture.json(image.body()))
        .isEqualTo(
            MediaFixture.json(
                """
                {"taskType":"mj_txt2img","prompt":"A mill","speed":"fast","aspectRatio":"16:9","version":"7"}
                """));
    FakeApi.Request clip = fixture.first(FakeMedia.CLIPS);
    assertThat(clip.headers().getFirst("Authorization")).isEqualTo("Key not-a-real-fal-key");
    assertThat(MediaFixture.json(clip.body()))
        .isEqualTo(
            MediaFixture.json(
                """
                {"prompt":"Sails turn","image_url":"https://cdn.example/mj-1.png","duration":"10"}
                """));
  }

  @Test
  void aGenerationThatAnEarlierRunAskedForIsNotAskedForAgain() throws Exception {
    // given
    fixture.generations.known.put(MediaFixture.IMAGE, new Standing.Submitted("mj-77"));

    // when
    JsonNode made = MediaFixture.completed(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(made.at("/assets/0/url").asText()).isEqualTo("https://cdn.example/mj-77.png");
    assertThat(fixture.media.asked(FakeMedia.IMAGES)).isZero();
    assertThat(fixture.paid).containsExactly("fal 10");
  }

  @Test
  void whatIsDoneIsNotMadeAgain() throws Exception {
    // given
    fixture.produce(MediaFixture.ONE_SHOT);

    // when
    MediaFixture.completed(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(fixture.media.asked(FakeMedia.IMAGES)).isEqualTo(1);
    assertThat(fixture.media.asked(FakeMedia.CLIPS)).isEqualTo(1);
  }

  @Test
  void aRequestWhoseAnswerWasLostIsAQuestionToAPerson() throws Exception {
    // given
    fixture.media.instead(FakeMedia.IMAGES, FakeApi.status(500, "{}"));
    assertThatThrownBy(() -> fixture.produce(MediaFixture.ONE_SHOT))
        .isInstanceOf(ApprovalRequiredException.class)
        .hasMessageContaining("kie was asked for the image of shot 1");
    fixture.media.asUsual(FakeMedia.IMAGES);

    // when
    assertThatThrownBy(() -> fixture.produce(MediaFixture.ONE_SHOT))
        .isInstanceOf(ApprovalRequiredException.class);

    // then
    assertThat(fixture.media.asked(FakeMedia.IMAGES)).isEqualTo(1);
    assertThat(fixture.generations.known)
        .containsEntry(MediaFixture.IMAGE, new Standing.Intended(0));
  }

  @Test
  void withAnApprovalItIsAskedForAgain() throws Exception {
    // given
    fixture.generations.known.put(MediaFixture.IMAGE, new Standing.Intended(0));

    // when
    MediaFixture.completed(
        fixture.produce(
            MediaFixture.run(MediaFixture.ONE_SHOT, 1), fixture.patience(Duration.ofSeconds(20))));

    // then
    assertThat(fixture.media.asked(FakeMedia.IMAGES)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "oops", "{\"shots\":[]}", "{\"shots\":[{\"image_prompt\":\"a\"}]}"})
  void whatIsNoStoryboardIsRefused(String material) throws Exception {
    assertThat(MediaFixture.failure(fixture.produce(material)).code())
        .isEqualTo("storyboard_invalid");
  }

  @Test
  void aModelThatIsNoPathIsRefusedAtTheStart() {
    assertThatThrownBy(() ->
            MediaConfig.from(
                Environment.of(Map.of("FAL_CLIP_MODEL", "kling?x=1")), Duration.ofMinutes(1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("FAL_CLIP_MODEL");
  }
}
