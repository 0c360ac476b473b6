package dev.millrace.standalone.command;

import dev.millrace.standalone.check.AppReadiness;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace status}: each app and component, up or down, since when, and how far behind. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show each app and component: up or down, since when, lag in records; and which queues are",
      "paused."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything is up", "1:something is down, or nothing is running"})
public final class StatusCommand implements Callable<Integer> {

  private static final String FORMAT = "%-22s %-6s %-26s %8s  %s%n";

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  private record Row(String name, boolean up, String since, String detail) {}

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    PipelineState state = PipelineState.of(data.path);
    List<Row> rows = apps(state);
    List<Row> components = Components.look(state).stream().map(this::row).toList();
    // Without the broker nobody knows them; everything else is known.
    Map<String, Long> lags =
        components.stream().filter(row -> row.name().equals(Components.KAFKA)).allMatch(Row::up)
            ? Lags.byApp(state)
            : Map.of();
    System.out.printf(FORMAT, "NAME", "STATUS", "SINCE", "LAG", "DETAIL");
    for (Row row : rows) {
      print(row, lags.containsKey(row.name()) ? Long.toString(lags.get(row.name())) : "-");
    }
    components.forEach(row -> print(row, "-"));
    System.out.printf("%nGateway: %s%n", state.gateway());
    pausedQueues().forEach(System.out::println);
    boolean allUp = rows.stream().allMatch(Row::up) && components.stream().allMatch(Row::up);
    return allUp ? 0 : 1;
  }

  /** None where the gateway cannot be asked: its row says so. */
  private List<String> pausedQueues() throws InterruptedException {
    try {
      return new GatewayClient(data.path)
          .get("/api/queue?limit=1")
          .path("queues")
          .valueStream()
          .filter(queue -> queue.path("paused").asBoolean())
          .map(queue ->
              "Queue %s is paused: %s"
                  .formatted(
                      queue.path("queue").asText(), queue.path("pause_reason").asText("no reason")))
          .toList();
    } catch (StackException _) {
      return List.of();
    }
  }

  /** Asks all at once: one that waits for something takes seconds to say so. */
  private static List<Row> apps(PipelineState state)
      throws ExecutionException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Row>> asked =
          state.apps().entrySet().stream()
              .<Callable<Row>>map(app -> () -> row(app.getKey(), app.getValue()))
              .toList();
      for (Future<Row> row : threads.invokeAll(asked)) {
        rows.add(row.get());
      }
    }
    return rows;
  }

  private static String since(AppReadiness app) {
    return app.since().isEmpty()
        ? "-"
        : Instant.parse(app.since()).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private Row row(Components.Component component) {
    return new Row(component.name(), component.up(), component.since(), component.detail());
  }

  private static void print(Row row, String lag) {
    System.out.printf(FORMAT, row.name(), row.up() ? "up" : "down", row.since(), lag, row.detail());
  }

  private static Row row(String name, URI management) throws InterruptedException {
    AppReadiness readiness = AppReadiness.ask(management);
    return new Row(
        name, readiness.ready(), since(readiness), String.join("; ", readiness.missing()));
  }
}
