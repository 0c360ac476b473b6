package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.client.Knowledge;
import dev.millrace.client.Learning;
import dev.millrace.client.MillraceClient;
import dev.millrace.client.NewTask;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.pipeline.Pipeline;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Work of every kind, for a JVM that records its ahead-of-time cache. The cache holds what was hot
 * and how it branched (JEP 515), so that a later start compiles that first and well. Without it, a
 * pipeline that was just started on two cores and is given 100 tasks a second falls behind by 14
 * seconds, and needs a minute to catch up.
 */
public final class Rehearsal {

  /** Settings of a pipeline that rehearses: nobody is refused, and several agents work. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of(
          "RATE_LIMIT_PER_SECOND", "100000",
          "RATE_LIMIT_BURST", "100000",
          "QUEUE_SETTINGS", "claude.max_concurrent=16",
          "WORKER_SLOTS", "16");

  private static final int CALLERS = 4;
  private static final int TASKS_PER_ROUND = 16;

  /** To embed one takes as long as a round. */
  private static final int ROUNDS_PER_DOCUMENT = 8;

  /** About what GitHub sends for an issue. */
  private static final int WEBHOOK_CHARACTERS = 8 << 10;

  private static final Learning.NewIntent INTENT =
      new Learning.NewIntent("Rehearsing", "informed", "Know the part", 30, "Europe/Berlin");

  private final URI gateway;
  private final Credentials credentials;
  private final MillraceClient operator;

  private Rehearsal(URI gateway, Credentials credentials) {
    this.gateway = gateway;
    this.credentials = credentials;
    this.operator = MillraceClient.at(gateway).apiKey(credentials.get(Credentials.API_KEY)).build();
  }

  /**
   * Gives a running pipeline work until the time is up, and some of each kind in any case.
   *
   * @throws StepFailedException when it refuses some
   */
  public static void run(Pipeline pipeline, Credentials credentials, Duration length)
      throws InterruptedException {
    var rehearsal = new Rehearsal(pipeline.gateway(), credentials);
    Instant end = Instant.now().plus(length);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> calls =
          IntStream.range(0, CALLERS)
              .<Callable<Void>>mapToObj(caller -> () -> rehearsal.work(caller, end))
              .toList();
      for (Future<Void> done : callers.invokeAll(calls)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw new StepFailedException("the rehearsal broke off: " + e.getCause(), e);
    }
  }

  private Void work(int caller, Instant end) throws InterruptedException {
    String user = "rehearsal-" + caller;
    Learning learner = learner(user);
    learner.createIntent(INTENT);
    operator.learning().pushSignal(user, "clo", Map.of("focus", "What is hot"));
    // Once: a plan waits for the signals that nobody sends.
    learner.generateDayPlan(1, 1);
    int round = 1;
    do {
      giveTasks();
      deliverWebhook();
      operator.health().pushMetric("rehearsal", "response_time_ms", 100 + round % 7, "ms");
      learner.getStatus();
      if (round % ROUNDS_PER_DOCUMENT == 1) {
        learnSomething("Note %d of %s".formatted(round, user));
      }
      round++;
    } while (Instant.now().isBefore(end));
    return null;
  }

  private Learning learner(String user) {
    String token =
        TokenCommand.sign(user, Duration.ofHours(1), credentials.get(Credentials.JWT_SECRET));
    return MillraceClient.at(gateway).token(token).build().learning();
  }

  private void giveTasks() {
    NewTask task = NewTask.of("documentation", "Nothing").withAttribute("noop", "true");
    for (int i = 0; i < TASKS_PER_ROUND; i++) {
      operator.tasks().submit(task);
    }
  }

  private void deliverWebhook() throws InterruptedException {
    ObjectNode payload = JsonNodeFactory.instance.objectNode().put("action", "opened");
    payload.putObject("repository").put("full_name", "rehearsal/rehearsal");
    payload.putObject("sender").put("login", "rehearsal");
    payload.putObject("issue").put("number", 1).put("body", "word ".repeat(WEBHOOK_CHARACTERS / 5));
    new GithubDelivery(
            gateway.resolve("/api/github-webhook"),
            "issues",
            UUID.randomUUID().toString(),
            TraceContext.start(),
            payload)
        .deliver(credentials.get(Credentials.WEBHOOK_SECRET));
  }

  private void learnSomething(String title) {
    Knowledge knowledge = operator.knowledge();
    knowledge.addText(title, "# " + title + "\n\nWhat is rehearsed goes well at the start.", null);
    knowledge.search("What goes well at the start?", 5, "hybrid", Knowledge.Filter.ALL);
  }
}
