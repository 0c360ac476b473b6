package dev.millrace.standalone.demo;

import dev.millrace.client.Knowledge;
import dev.millrace.client.Knowledge.Hit;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.event.TraceContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A question is answered from the documents that were indexed. */
record SearchStep(DemoContext demo) implements Step {

  private static final String QUESTION = "why is agent work taken through share groups?";

  @Override
  public String title() {
    return "A question is answered from the documents by search";
  }

  @Override
  public void run(Report report) throws InterruptedException {
    List<Hit> hits =
        demo.operator(TraceContext.start())
            .knowledge()
            .search(QUESTION, 3, "hybrid", Knowledge.Filter.ALL)
            .results();
    report.did("\"%s\"", QUESTION);
    if (hits.isEmpty()) {
      throw new StepFailedException("expected results, found none");
    }
    Hit best = hits.getFirst();
    if (!best.content().toLowerCase(Locale.ROOT).contains("share")) {
      throw new StepFailedException("expected a passage on share groups first, found " + best);
    }
    Double similarity = best.similarity(); // none for a passage that only its words led to
    report.held(
        "%s (similarity %s): %s",
        best.source(),
        similarity == null ? "unknown" : "%.2f".formatted(similarity),
        firstLine(best.content()));
    report.look(
        "curl -H \"X-API-Key: $MILLRACE_API_KEY\" '%s?k=3&q=%s'",
        demo.uri("/api/knowledge/search"), URLEncoder.encode(QUESTION, StandardCharsets.UTF_8));
  }

  private static String firstLine(String content) {
    return Texts.shorten(content.strip().replace('\n', ' '), 100);
  }
}
