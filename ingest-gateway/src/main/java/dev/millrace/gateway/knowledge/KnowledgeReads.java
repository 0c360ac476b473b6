package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.PostgresFailures;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchMode;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.usage.CallCause;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions to the knowledge base. */
public final class KnowledgeReads {

  private static final int DEFAULT_HITS = 5;
  private static final int MAX_HITS = 100;

  private final Access access;
  private final Function<SearchRequest, List<SearchHit>> search;

  public KnowledgeReads(Access access, Function<SearchRequest, List<SearchHit>> search) {
    this.access = access;
    this.search = search;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/knowledge/search", this::search));
  }

  private Answer search(Call call) {
    String client = access.operator(call);
    String question =
        call.query("q").orElseThrow(() -> ProblemException.invalid("q", "is required"));
    if (question.length() > SearchRequest.MAX_QUERY_LENGTH) {
      throw ProblemException.invalid(
          "q", "expected at most " + SearchRequest.MAX_QUERY_LENGTH + " characters");
    }
    SearchMode mode = mode(call);
    SearchRequest request =
        new SearchRequest(
            question,
            call.queryInteger("k", DEFAULT_HITS, 1, MAX_HITS),
            new SearchRequest.Filter(
                call.query("category").orElse(null),
                call.query("repository").orElse(null),
                call.query("source").orElse(null)),
            mode,
            false,
            Readers.of(access.behind(call, client)));
    List<SearchHit> hits =
        CallCause.task(call.trace(), call.query("task_id").orElse(null))
            .within(() -> PostgresFailures.guarded(() -> search.apply(request)));
    ObjectNode body =
        Json.object().put("query", question).put("mode", name(mode)).put("count", hits.size());
    ArrayNode results = body.putArray("results");
    hits.forEach(hit -> results.add(HitView.of(hit)));
    return Answer.ok(body);
  }

  private static SearchMode mode(Call call) {
    String mode = call.query("mode").orElse(name(SearchMode.HYBRID));
    return Arrays.stream(SearchMode.values())
        .filter(known -> name(known).equals(mode))
        .findFirst()
        .orElseThrow(() ->
            ProblemException.invalid("mode", "expected vector, text or hybrid, found " + mode));
  }

  private static String name(SearchMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
