package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A question is answered from the documents that were indexed. */
record SearchStep(DemoContext demo) implements Step {

  private static final String QUESTION = "why is agent work taken through share groups?";

  @Override
  public String title() {
    return "A question is answered from the documents by search";
  }

  @Override
  public void run(Report report) throws InterruptedException {
    String path =
        "/api/knowledge/search?k=3&q=" + URLEncoder.encode(QUESTION, StandardCharsets.UTF_8);
    JsonNode hits = demo.api().get(path, demo.apiKey()).expect(200).body().path("results");
    report.did("\"%s\"", QUESTION);
    if (hits.isEmpty()) {
      throw new StepFailedException("expected results, found none");
    }
    JsonNode best = hits.get(0);
    if (!best.path("content").asText().toLowerCase(java.util.Locale.ROOT).contains("share")) {
      throw new StepFailedException("expected a passage on share groups first, found " + best);
    }
    report.held(
        "%s (similarity %.2f): %s",
        best.path("source").asText(),
        best.path("similarity").asDouble(),
        firstLine(best.path("content").asText()));
    report.look("curl -H \"X-API-Key: $MILLRACE_API_KEY\" '%s'", demo.api().uri(path));
  }

  private static String firstLine(String content) {
    String line = content.strip().replace('\n', ' ');
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }
}
