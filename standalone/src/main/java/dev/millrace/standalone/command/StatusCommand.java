package dev.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace status}: each app and component, up or down, since when, and how far behind. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show each app and component: up or down, since when, lag in records.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything is up", "1:something is down, or nothing is running"})
public final class StatusCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String FORMAT = "%-22s %-6s %-26s %8s  %s%n";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  private record Row(String name, boolean up, String since, String detail) {}

  @Override
  public Integer call() throws InterruptedException {
    PipelineState state = PipelineState.of(data.path);
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, URI> app : state.apps().entrySet()) {
      rows.add(row(app.getKey(), app.getValue()));
    }
    Map<String, Long> lags = Lags.byApp(state);
    System.out.printf(FORMAT, "NAME", "STATUS", "SINCE", "LAG", "DETAIL");
    for (Row row : rows) {
      print(row, lags.containsKey(row.name()) ? Long.toString(lags.get(row.name())) : "-");
    }
    List<Row> components = Components.look(state).stream().map(this::row).toList();
    components.forEach(row -> print(row, "-"));
    System.out.printf("%nGateway: %s%n", state.gateway());
    boolean allUp = rows.stream().allMatch(Row::up) && components.stream().allMatch(Row::up);
    return allUp ? 0 : 1;
  }

  private static String since(JsonNode report) {
    String since = report.path("since").asText();
    return since.isEmpty() ? "-" : Instant.parse(since).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private Row row(Components.Component component) {
    return new Row(component.name(), component.up(), component.since(), component.detail());
  }

  private static void print(Row row, String lag) {
    System.out.printf(FORMAT, row.name(), row.up() ? "up" : "down", row.since(), lag, row.detail());
  }

  private Row row(String name, URI management) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(management.resolve("/health/ready")).timeout(TIMEOUT).build();
      JsonNode report =
          MAPPER.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
      List<String> missing = new ArrayList<>();
      report
          .path("checks")
          .properties()
          .forEach(check -> {
            if (!check.getValue().path("status").asText().equals("up")) {
              missing.add(check.getKey() + ": " + check.getValue().path("reason").asText());
            }
          });
      return new Row(name, missing.isEmpty(), since(report), String.join("; ", missing));
    } catch (IOException e) {
      return new Row(name, false, "-", "does not answer at " + management);
    }
  }
}
