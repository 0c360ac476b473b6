package dev.millrace.worker.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.FakeMedia;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.media.Generations.Standing;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaFailuresTest {

  private final MediaFixture fixture = new MediaFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aLimitIsWaitedForAsLongAsItAsks() throws Exception {
    // given
    long begun = System.nanoTime();
    fixture.media.instead(
        FakeMedia.CLIPS,
        exchange -> {
          fixture.media.asUsual(FakeMedia.CLIPS);
          FakeApi.status(429, "{}", "Retry-After", "1").respond(exchange);
        });

    // when
    MediaFixture.completed(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(fixture.media.asked(FakeMedia.CLIPS)).isEqualTo(2);
    assertThat(fixture.paid).containsExactly("kie 1", "fal 10");
  }

  @Test
  void aLimitThatLastsLongerThanTheRunFailsItUntilThen() throws Exception {
    // given
    fixture.media.instead(FakeMedia.IMAGES, FakeApi.status(429, "busy", "Retry-After", "3600"));

    // when
    AgentFailure failure = MediaFixture.failure(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(failure)
        .isEqualTo(
            new AgentFailure(
                "media_rate_limited", "KIE error: 429: busy", true, Duration.ofHours(1)));
    assertThat(fixture.generations.known).isEmpty();
    assertThat(fixture.paid).isEmpty();
  }

  @Test
  void anErrorWhileAskingAfterOneIsAskedAgain() throws Exception {
    // given
    fixture.media.instead(
        FakeMedia.IMAGE,
        exchange -> {
          fixture.media.asUsual(FakeMedia.IMAGE);
          FakeApi.status(500, "oops").respond(exchange);
        });

    // when
    MediaFixture.completed(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(fixture.media.asked(FakeMedia.IMAGES)).isEqualTo(1);
    assertThat(fixture.reporter.lines).anyMatch(line -> line.contains("KIE error: 500"));
  }

  @Test
  void anImageThatCannotBeMadeFailsTheRunAndMayBeAskedForAgain() throws Exception {
    // given
    fixture.media.instead(
        FakeMedia.IMAGE,
        FakeApi.status(
            200,
            "{\"code\":200,\"data\":{\"successFlag\":3,\"errorMessage\":\"the prompt is banned\"}}"));

    // when
    AgentFailure failure = MediaFixture.failure(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(failure.code()).isEqualTo("media_rejected");
    assertThat(failure.message()).contains("the image of shot 1", "the prompt is banned");
    assertThat(failure.retryable()).isFalse();
    assertThat(fixture.generations.known).isEmpty();
  }

  @Test
  void aClipThatCannotBeMadeFailsTheRunAndTheImageIsKept() throws Exception {
    // given
    fixture.media.instead(
        FakeMedia.CLIP,
        FakeApi.status(200, "{\"status\":\"COMPLETED\",\"error\":\"no motion found\"}"));

    // when
    AgentFailure failure = MediaFixture.failure(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(failure.message()).contains("the clip of shot 1", "no motion found");
    assertThat(fixture.generations.known).containsOnlyKeys(MediaFixture.IMAGE);
  }

  @Test
  void aClipWhoseResultIsRefusedFailsTheRun() throws Exception {
    // given
    fixture.generations.known.put(
        MediaFixture.IMAGE, new Standing.Finished(URI.create("https://cdn.example/1.png")));
    fixture.generations.known.put(MediaFixture.CLIP, new Standing.Submitted("clip-9"));
    fixture.media.instead(FakeMedia.CLIP, FakeApi.status(422, "{\"detail\":\"unsafe\"}"));

    // when
    AgentFailure failure = MediaFixture.failure(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(failure.code()).isEqualTo("media_rejected");
    assertThat(failure.message()).contains("unsafe");
  }

  @Test
  void aGenerationWithoutEndIsLeftToTheNextRun() throws Exception {
    // given
    fixture.media.instead(
        FakeMedia.IMAGE, FakeApi.status(200, "{\"code\":200,\"data\":{\"successFlag\":0}}"));

    // when
    AgentFailure failure =
        MediaFixture.failure(
            fixture.produce(
                MediaFixture.run(MediaFixture.ONE_SHOT, 0),
                fixture.patience(Duration.ofMillis(500))));

    // then
    assertThat(failure.code()).isEqualTo("media_pending");
    assertThat(failure.retryable()).isTrue();
    assertThat(fixture.generations.known)
        .containsEntry(MediaFixture.IMAGE, new Standing.Submitted("mj-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/hosts",
        "javascript:alert(1)",
        "https://",
        "//cdn.example/a.png",
        "not an address",
        "https://user:word@cdn.example/a.png"
      })
  void onlyAnHttpAddressIsTaken(String url) throws Exception {
    // given
    fixture.media.instead(
        FakeMedia.IMAGE,
        FakeApi.status(
            200,
            "{\"code\":200,\"data\":{\"successFlag\":1,\"resultInfoJson\":{\"resultUrls\":[{\"resultUrl\":\"%s\"}]}}}"
                .formatted(url)));

    // when
    AgentFailure failure = MediaFixture.failure(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(failure.message()).contains("no http or https address");
  }

  @Test
  void aKeyThatIsNotGoodSaysSo() throws Exception {
    // given
    fixture.media.instead(FakeMedia.IMAGES, FakeApi.status(200, "{\"code\":401,\"msg\":\"who?\"}"));

    // when
    AgentFailure failure = MediaFixture.failure(fixture.produce(MediaFixture.ONE_SHOT));

    // then
    assertThat(failure.code()).isEqualTo("media_unauthorized");
    assertThat(failure.message()).contains("KIE error: 401: who?. Check its key");
    assertThat(fixture.generations.known).isEmpty();
  }
}
