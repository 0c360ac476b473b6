package dev.millrace.standalone.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an app can work, as its management endpoint says.
 *
 * @param answers whether it answers at all
 * @param since when it became ready, or ceased to be, as it writes it; empty where it does not
 *     answer
 * @param missing what it lacks, each with the reason; why it does not answer, where it does not
 */
public record AppReadiness(boolean answers, String since, List<String> missing) {

  public AppReadiness {
    missing = List.copyOf(missing);
  }

  public static AppReadiness ask(URI management) throws InterruptedException {
    try (HttpAddress app = new HttpAddress(management)) {
      JsonNode report = app.get("/health/ready").body();
      if (!report.path("checks").isObject()) {
        return silent("does not answer as an app at " + management);
      }
      return new AppReadiness(true, report.path("since").asText(), missing(report));
    } catch (CheckFailedException _) {
      return silent("does not answer at " + management);
    }
  }

  public boolean ready() {
    return missing.isEmpty();
  }

  private static AppReadiness silent(String reason) {
    return new AppReadiness(false, "", List.of(reason));
  }

  private static List<String> missing(JsonNode report) {
    List<String> missing = new ArrayList<>();
    report
        .path("checks")
        .properties()
        .forEach(check -> {
          if (!check.getValue().path("status").asText().equals("up")) {
            missing.add(check.getKey() + ": " + check.getValue().path("reason").asText());
          }
        });
    return missing;
  }
}
