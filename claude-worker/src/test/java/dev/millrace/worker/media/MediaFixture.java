package dev.millrace.worker.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.FakeMedia;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.writer.AnswerSchema.Checked;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
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

/** A producer of videos between stand-ins of the services and a memory of what was asked for. */
final class MediaFixture implements AutoCloseable {

  static final String ONE_SHOT =
      """
      {"shots":[{"scene":1,"image_prompt":"A mill","motion_prompt":"Sails turn","duration_seconds":10}]}
      """;
  static final String TWO_SHOTS =
      """
      {"shots":[
       {"scene":1,"image_prompt":"A mill","motion_prompt":"Sails turn","duration_seconds":10},
       {"scene":2,"image_prompt":"Flour","motion_prompt":"It falls","duration_seconds":5}]}
      """;

  static final Piece IMAGE = new Piece(1, Medium.IMAGE);
  static final Piece CLIP = new Piece(1, Medium.CLIP);

  final FakeMedia media = new FakeMedia();
  final RecordingReporter reporter = new RecordingReporter();
  final MemoryGenerations generations = new MemoryGenerations();
  final List<String> paid = new ArrayList<>();

  @Override
  public void close() {
    media.close();
  }

  AgentResult produce(String storyboard) throws InterruptedException {
    return produce(run(storyboard, 0), patience(Duration.ofSeconds(20)));
  }

  AgentResult produce(AgentRun run, MediaConfig config) throws InterruptedException {
    try (MediaAgent agent = agent(config)) {
      return agent.run(run, reporter);
    }
  }

  MediaConfig patience(Duration patience) {
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

  MediaAgent agent(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("MEDIA_POLL_INTERVAL", "10ms");
    return agent(MediaConfig.from(Environment.of(all), Duration.ofSeconds(30)));
  }

  MediaAgent agent(MediaConfig config) {
    return new MediaAgent(
        config, generations, (_, what, units) -> paid.add(what.provider() + " " + units));
  }

  static AgentRun run(String storyboard, int approvals) {
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
        approvals,
        null);
  }

  FakeApi.Request first(String path) {
    return media.api.requests.stream()
        .filter(request -> request.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  /** The answer, which fits its schema. */
  static JsonNode completed(AgentResult result) throws JsonProcessingException {
    assertThat(result).isInstanceOf(Completed.class);
    String text = ((Completed) result).text();
    assertThat(AnswerSchemas.of(run("", 0)).orElseThrow().check(text))
        .isInstanceOf(Checked.Fits.class);
    return json(text);
  }

  static AgentFailure failure(AgentResult result) {
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed) result).failure();
  }

  static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }

  /** Generations of one flow. */
  static final class MemoryGenerations implements Generations {

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
