package dev.millrace.worker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.FakeMedia;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.writer.AnswerSchema.Checked;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.ApprovalRequiredException;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.TaskId;
import dev.millrace.worker.answer.AnswerSchemas;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.media.Generations.Piece;
import dev.millrace.worker.media.Generations.Standing;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaAgentTest {

  private static final String ONE_SHOT =
      """
      {"shots":[{"scene":1,"image_prompt":"A mill","motion_prompt":"Sails turn","duration_seconds":10}]}
      """;
  private static final String TWO_SHOTS =
      """
      {"shots":[
       {"scene":1,"image_prompt":"A mill","motion_prompt":"Sails turn","duration_seconds":10},
       {"scene":2,"image_prompt":"Flour","motion_prompt":"It falls","duration_seconds":5}]}
      """;

  private static final Piece IMAGE = new Piece(1, Medium.IMAGE);
  private static final Piece CLIP = new Piece(1, Medium.CLIP);

  private final FakeMedia media = new FakeMedia();
  private final RecordingReporter reporter = new RecordingReporter();
  private final MemoryGenerations generations = new MemoryGenerations();
  private final List<String> paid = new ArrayList<>();

  @AfterEach
  void close() {
    media.close();
  }

  @Test
  void eachShotGetsAnImageAndAClipFromIt() throws Exception {
    // when
    JsonNode made = completed(produce(TWO_SHOTS));

    // then
    assertThat(made.path("offline").asBoolean()).isFalse();
    assertThat(made.path("not_made")).isEmpty();
    assertThat(made.path("assets")).hasSize(4);
    assertThat(made.at("/assets/0").toString())
        .isEqualTo(
            "{\"shot\":1,\"kind\":\"image\",\"provider\":\"kie\",\"model\":\"midjourney\","
                + "\"url\":\"https://cdn.example/mj-1.png\"}");
    assertThat(made.at("/assets/1/url").asText()).matches("https://cdn.example/clip-\\d\\.mp4");
    assertThat(paid).containsExactlyInAnyOrder("kie 1", "kie 1", "fal 10", "fal 5");
  }

  @Test
  void theServicesAreAskedInTheirProtocols() throws Exception {
    // when
    produce(ONE_SHOT);

    // then
    FakeApi.Request image = first(FakeMedia.IMAGES);
    assertThat(image.headers().getFirst("Authorization")).isEqualTo("Bearer not-a-real-kie-key");
    assertThat(json(image.body()))
        .isEqualTo(
            json(
                """
                {"taskType":"mj_txt2img","prompt":"A mill","speed":"fast","aspectRatio":"16:9","version":"7"}
                """));
    FakeApi.Request clip = first(FakeMedia.CLIPS);
    assertThat(clip.headers().getFirst("Authorization")).isEqualTo("Key not-a-real-fal-key");
    assertThat(json(clip.body()))
        .isEqualTo(
            json(
                """
                {"prompt":"Sails turn","image_url":"https://cdn.example/mj-1.png","duration":"10"}
                """));
  }

  @Test
  void aGenerationThatAnEarlierRunAskedForIsNotAskedForAgain() throws Exception {
    // given
    generations.known.put(IMAGE, new Standing.Submitted("mj-77"));

    // when
    JsonNode made = completed(produce(ONE_SHOT));

    // then
    assertThat(made.at("/assets/0/url").asText()).isEqualTo("https://cdn.example/mj-77.png");
    assertThat(media.asked(FakeMedia.IMAGES)).isZero();
    assertThat(paid).containsExactly("fal 10");
  }

  @Test
  void whatIsDoneIsNotMadeAgain() throws Exception {
    // given
    produce(ONE_SHOT);

    // when
    completed(produce(ONE_SHOT));

    // then
    assertThat(media.asked(FakeMedia.IMAGES)).isEqualTo(1);
    assertThat(media.asked(FakeMedia.CLIPS)).isEqualTo(1);
  }

  @Test
  void aRequestWhoseAnswerWasLostIsAQuestionToAPerson() throws Exception {
    // given
    media.instead(FakeMedia.IMAGES, FakeApi.status(500, "{}"));
    assertThatThrownBy(() -> produce(ONE_SHOT))
        .isInstanceOf(ApprovalRequiredException.class)
        .hasMessageContaining("kie was asked for the image of shot 1");
    media.asUsual(FakeMedia.IMAGES);

    // when
    assertThatThrownBy(() -> produce(ONE_SHOT)).isInstanceOf(ApprovalRequiredException.class);

    // then
    assertThat(media.asked(FakeMedia.IMAGES)).isEqualTo(1);
    assertThat(generations.known).containsEntry(IMAGE, new Standing.Intended(0));
  }

  @Test
  void withAnApprovalItIsAskedForAgain() throws Exception {
    // given
    generations.known.put(IMAGE, new Standing.Intended(0));

    // when
    completed(produce(run(ONE_SHOT, 1), patience(Duration.ofSeconds(20))));

    // then
    assertThat(media.asked(FakeMedia.IMAGES)).isEqualTo(1);
  }

  @Test
  void aLimitIsWaitedForAsLongAsItAsks() throws Exception {
    // given
    long begun = System.nanoTime();
    media.instead(
        FakeMedia.CLIPS,
        exchange -> {
          media.asUsual(FakeMedia.CLIPS);
          FakeApi.status(429, "{}", "Retry-After", "1").respond(exchange);
        });

    // when
    completed(produce(ONE_SHOT));

    // then
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(media.asked(FakeMedia.CLIPS)).isEqualTo(2);
    assertThat(paid).containsExactly("kie 1", "fal 10");
  }

  @Test
  void aLimitThatLastsLongerThanTheRunFailsItUntilThen() throws Exception {
    // given
    media.instead(FakeMedia.IMAGES, FakeApi.status(429, "busy", "Retry-After", "3600"));

    // when
    AgentFailure failure = failure(produce(ONE_SHOT));

    // then
    assertThat(failure)
        .isEqualTo(
            new AgentFailure(
                "media_rate_limited", "KIE error: 429: busy", true, Duration.ofHours(1)));
    assertThat(generations.known).isEmpty();
    assertThat(paid).isEmpty();
  }

  @Test
  void anErrorWhileAskingAfterOneIsAskedAgain() throws Exception {
    // given
    media.instead(
        FakeMedia.IMAGE,
        exchange -> {
          media.asUsual(FakeMedia.IMAGE);
          FakeApi.status(500, "oops").respond(exchange);
        });

    // when
    completed(produce(ONE_SHOT));

    // then
    assertThat(media.asked(FakeMedia.IMAGES)).isEqualTo(1);
    assertThat(reporter.lines).anyMatch(line -> line.contains("KIE error: 500"));
  }

  @Test
  void anImageThatCannotBeMadeFailsTheRunAndMayBeAskedForAgain() throws Exception {
    // given
    media.instead(
        FakeMedia.IMAGE,
        FakeApi.status(
            200,
            "{\"code\":200,\"data\":{\"successFlag\":3,\"errorMessage\":\"the prompt is banned\"}}"));

    // when
    AgentFailure failure = failure(produce(ONE_SHOT));

    // then
    assertThat(failure.code()).isEqualTo("media_rejected");
    assertThat(failure.message()).contains("the image of shot 1", "the prompt is banned");
    assertThat(failure.retryable()).isFalse();
    assertThat(generations.known).isEmpty();
  }

  @Test
  void aClipThatCannotBeMadeFailsTheRunAndTheImageIsKept() throws Exception {
    // given
    media.instead(
        FakeMedia.CLIP,
        FakeApi.status(200, "{\"status\":\"COMPLETED\",\"error\":\"no motion found\"}"));

    // when
    AgentFailure failure = failure(produce(ONE_SHOT));

    // then
    assertThat(failure.message()).contains("the clip of shot 1", "no motion found");
    assertThat(generations.known).containsOnlyKeys(IMAGE);
  }

  @Test
  void aClipWhoseResultIsRefusedFailsTheRun() throws Exception {
    // given
    generations.known.put(IMAGE, new Standing.Finished(URI.create("https://cdn.example/1.png")));
    generations.known.put(CLIP, new Standing.Submitted("clip-9"));
    media.instead(FakeMedia.CLIP, FakeApi.status(422, "{\"detail\":\"unsafe\"}"));

    // when
    AgentFailure failure = failure(produce(ONE_SHOT));

    // then
    assertThat(failure.code()).isEqualTo("media_rejected");
    assertThat(failure.message()).contains("unsafe");
  }

  @Test
  void aGenerationWithoutEndIsLeftToTheNextRun() throws Exception {
    // given
    media.instead(
        FakeMedia.IMAGE, FakeApi.status(200, "{\"code\":200,\"data\":{\"successFlag\":0}}"));

    // when
    AgentFailure failure = failure(produce(run(ONE_SHOT, 0), patience(Duration.ofMillis(500))));

    // then
    assertThat(failure.code()).isEqualTo("media_pending");
    assertThat(failure.retryable()).isTrue();
    assertThat(generations.known).containsEntry(IMAGE, new Standing.Submitted("mj-1"));
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
    media.instead(
        FakeMedia.IMAGE,
        FakeApi.status(
            200,
            "{\"code\":200,\"data\":{\"successFlag\":1,\"resultInfoJson\":{\"resultUrls\":[{\"resultUrl\":\"%s\"}]}}}"
                .formatted(url)));

    // when
    AgentFailure failure = failure(produce(ONE_SHOT));

    // then
    assertThat(failure.message()).contains("no http or https address");
  }

  @Test
  void aKeyThatIsNotGoodSaysSo() throws Exception {
    // given
    media.instead(FakeMedia.IMAGES, FakeApi.status(200, "{\"code\":401,\"msg\":\"who?\"}"));

    // when
    AgentFailure failure = failure(produce(ONE_SHOT));

    // then
    assertThat(failure.code()).isEqualTo("media_unauthorized");
    assertThat(failure.message()).contains("KIE error: 401: who?. Check its key");
    assertThat(generations.known).isEmpty();
  }

  @Test
  void withoutKeysNothingIsAskedAndTheAnswerSaysWhy() throws Exception {
    // given
    MediaAgent agent = agent(Map.of());

    // when
    JsonNode made = completed(agent.run(run(ONE_SHOT, 0), reporter));

    // then
    assertThat(agent.provider()).isEqualTo(Provider.OFFLINE);
    assertThat(made.toString())
        .isEqualTo(
            "{\"offline\":true,\"assets\":[],\"not_made\":["
                + "{\"shot\":1,\"kind\":\"image\",\"reason\":\"KIE_API_KEY is not set\"},"
                + "{\"shot\":1,\"kind\":\"clip\",\"reason\":\"FAL_KEY is not set\"}]}");
    assertThat(reporter.lines).allMatch(line -> line.startsWith("[offline]"));
    assertThat(media.api.requests).isEmpty();
  }

  @Test
  void withoutTheKeyForClipsThereAreImages() throws Exception {
    // given
    MediaAgent agent =
        agent(Map.of("KIE_API_KEY", "not-a-real-kie-key", "KIE_BASE_URL", media.uri().toString()));

    // when
    JsonNode made = completed(agent.run(run(ONE_SHOT, 0), reporter));

    // then
    assertThat(made.path("offline").asBoolean()).isTrue();
    assertThat(made.path("assets")).hasSize(1);
    assertThat(made.at("/not_made/0/reason").asText()).isEqualTo("FAL_KEY is not set");
  }

  @Test
  void withoutTheKeyForImagesThereIsNothingToMove() throws Exception {
    // given
    MediaAgent agent =
        agent(Map.of("FAL_KEY", "not-a-real-fal-key", "FAL_BASE_URL", media.uri().toString()));

    // when
    JsonNode made = completed(agent.run(run(ONE_SHOT, 0), reporter));

    // then
    assertThat(made.at("/not_made/1/reason").asText()).contains("no picture");
    assertThat(media.api.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "oops", "{\"shots\":[]}", "{\"shots\":[{\"image_prompt\":\"a\"}]}"})
  void whatIsNoStoryboardIsRefused(String material) throws Exception {
    assertThat(failure(produce(material)).code()).isEqualTo("storyboard_invalid");
  }

  @Test
  void aModelThatIsNoPathIsRefusedAtTheStart() {
    assertThatThrownBy(() ->
            MediaConfig.from(
                Environment.of(Map.of("FAL_CLIP_MODEL", "kling?x=1")), Duration.ofMinutes(1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("FAL_CLIP_MODEL");
  }

  private AgentResult produce(String storyboard) throws InterruptedException {
    return produce(run(storyboard, 0), patience(Duration.ofSeconds(20)));
  }

  private AgentResult produce(AgentRun run, MediaConfig config) throws InterruptedException {
    try (MediaAgent agent = agent(config)) {
      return agent.run(run, reporter);
    }
  }

  private MediaConfig patience(Duration patience) {
    return MediaConfig.from(
        Environment.of(
            Map.of(
                "KIE_API_KEY", "not-a-real-kie-key",
                "KIE_BASE_URL", media.uri().toString(),
                "FAL_KEY", "not-a-real-fal-key",
                "FAL_BASE_URL", media.uri() + "/",
                "MEDIA_POLL_INTERVAL", "10ms")),
        patience.multipliedBy(5).dividedBy(4));
  }

  private MediaAgent agent(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("MEDIA_POLL_INTERVAL", "10ms");
    return agent(MediaConfig.from(Environment.of(all), Duration.ofSeconds(30)));
  }

  private MediaAgent agent(MediaConfig config) {
    return new MediaAgent(
        config, generations, (_, what, units) -> paid.add(what.provider() + " " + units));
  }

  private static AgentRun run(String storyboard, int approvals) {
    return new AgentRun(
        new RunId("run-1"),
        new TaskId("v-1.3-producer"),
        "claude",
        1,
        "video",
        "Make it.",
        null,
        Place.NOWHERE,
        Map.of("role", "producer", "flow", "v-1", "material", storyboard),
        null,
        approvals);
  }

  private FakeApi.Request first(String path) {
    return media.api.requests.stream()
        .filter(request -> request.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  /** The answer, which fits its schema. */
  private static JsonNode completed(AgentResult result) throws JsonProcessingException {
    assertThat(result).isInstanceOf(Completed.class);
    String text = ((Completed) result).text();
    assertThat(AnswerSchemas.of(run("", 0)).orElseThrow().check(text))
        .isInstanceOf(Checked.Fits.class);
    return json(text);
  }

  private static AgentFailure failure(AgentResult result) {
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed) result).failure();
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }

  /** Generations of one flow. */
  private static final class MemoryGenerations implements Generations {

    final Map<Piece, Standing> known = new HashMap<>();

    @Override
    public Map<Piece, Standing> of(String flow) {
      return Map.copyOf(known);
    }

    @Override
    public void intend(String flow, Piece piece, AgentRun run) {
      known.put(piece, new Standing.Intended(run.approvals()));
    }

    @Override
    public void submitted(String flow, Piece piece, String requestId) {
      known.put(piece, new Standing.Submitted(requestId));
    }

    @Override
    public void finished(String flow, Piece piece, URI url) {
      known.put(piece, new Standing.Finished(url));
    }

    @Override
    public void forget(String flow, Piece piece) {
      known.remove(piece);
    }
  }
}
