package dev.millrace.worker.inhouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.ApiFailures;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.ReviewedChanges;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Hands a run to an HTTP endpoint: {@code POST} with the run as JSON, and {@code Idempotency-Key}
 * with the id of the run, so that the endpoint can tell a run that it has seen. It answers 200 with
 * {@code {"text", "files": [{"path", "content"}], "model", "usage": {"input_tokens",
 * "output_tokens"}}}, of which only the text is required.
 */
public final class InhouseAgent implements Agent, AutoCloseable {

  static final ApiFailures API =
      new ApiFailures(
          "in-house agent",
          InhouseConfig.KEY,
          InhouseConfig.URL,
          InhouseConfig.URL,
          InhouseConfig.URL);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Room for the files of the answer and for JSON's escapes. */
  private static final int MAX_BODY_BYTES = 4 * AgentResult.MAX_BYTES;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final InhouseConfig config;
  private final TargetPolicy targets;
  private final ReviewedChanges changes;
  private final Duration runTimeout;
  private final HttpClient http;

  /**
   * @param runTimeout longest a run may take
   */
  public InhouseAgent(
      InhouseConfig config, TargetPolicy targets, ReviewedChanges changes, Duration runTimeout) {
    this.config = config;
    this.targets = targets;
    this.changes = changes;
    this.runTimeout = runTimeout;
    this.http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
  }

  @Override
  public Provider provider() {
    return Provider.HTTP;
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    reporter.log("asks the in-house agent");
    try {
      HttpResponse<InputStream> response = http.send(request(run), BodyHandlers.ofInputStream());
      byte[] body;
      try (InputStream in = response.body()) {
        body = in.readNBytes(MAX_BODY_BYTES + 1);
      }
      if (body.length > MAX_BODY_BYTES) {
        return new AgentResult.Failed(API.tooLarge());
      }
      return response.statusCode() == 200
          ? new InhouseAnswer(targets.pathFor(run), reporter).read(body)
          : new AgentResult.Failed(
              API.ofStatus(
                  response.statusCode(),
                  new String(body, StandardCharsets.UTF_8),
                  "",
                  ApiFailures.retryAfter(response.headers()::allValues)));
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the in-house agent answered");
      }
      return new AgentResult.Failed(API.unreachable(Causes.rootMessage(e)));
    }
  }

  private HttpRequest request(AgentRun run) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(config.url())
            .timeout(runTimeout)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("Idempotency-Key", run.id().value())
            .POST(BodyPublishers.ofString(body(run)));
    config.apiKey().ifPresent(key -> request.header("X-API-Key", key.reveal()));
    return request.build();
  }

  private String body(AgentRun run) {
    ObjectNode body = JSON.createObjectNode();
    body.put("run_id", run.id().value());
    body.put("task_id", run.taskId().value());
    body.put("attempt", run.attempt());
    body.put("task_type", run.taskType());
    body.put("title", run.title());
    body.put("description", run.description());
    Place place = run.place();
    ArrayNode further =
        body.putObject("context")
            .put("repository", place.repository())
            .put("file_path", place.filePath())
            .put("branch", place.branch())
            .putArray("repositories");
    place.further().forEach(further::add);
    ObjectNode attributes = body.putObject("attributes");
    run.attributes().forEach(attributes::put);
    changes
        .of(run)
        .ifPresent(change ->
            body.putObject("change")
                .put("pull_request", change.pullRequest())
                .put("commit", change.commit())
                .put("diff", change.diff().text())
                .put("cut", change.diff().cut()));
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
