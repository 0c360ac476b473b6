package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.read.PostgresFailures;
import dev.millrace.knowledge.answer.Answer.Citation;
import dev.millrace.knowledge.answer.Answer.Found;
import dev.millrace.knowledge.answer.Answer.NotFound;
import dev.millrace.knowledge.answer.Answered;
import dev.millrace.knowledge.search.SearchMode;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.usage.CallCause;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Questions that are answered out of the knowledge base, with citations, or not at all. */
public final class Questions {

  private static final int DEFAULT_PASSAGES = 8;

  private final Access access;
  private final BodyReader schema;
  private final Function<SearchRequest, Answered> answers;

  public Questions(Access access, Bodies bodies, Function<SearchRequest, Answered> answers) {
    this.access = access;
    this.schema = bodies.of("KnowledgeQuestion");
    this.answers = answers;
  }

  public Route route() {
    return Route.post("/api/knowledge/ask", this::ask);
  }

  private Answer ask(Call call) {
    String client = access.operator(call);
    Body body = schema.read(call);
    SearchRequest request =
        new SearchRequest(
            body.text("question"),
            body.node().has("k") ? body.integer("k") : DEFAULT_PASSAGES,
            new SearchRequest.Filter(
                body.textOrNull("category"),
                body.textOrNull("repository"),
                body.textOrNull("source")),
            SearchMode.HYBRID,
            false,
            Readers.of(access.behind(call, client)));
    Answered answered =
        CallCause.task(call.trace(), body.textOrNull("taskId"))
            .within(() -> PostgresFailures.guarded(() -> answers.apply(request)));
    ObjectNode view = Json.object().put("question", request.query()).put("mode", answered.mode());
    if (answered.note() != null) {
      view.put("note", answered.note());
    }
    return Answer.ok(
        switch (answered.answer()) {
          case Found found -> found(view, found);
          case NotFound(String reason) -> {
            view.put("answered", false).putNull("answer").put("reason", reason);
            view.putArray("citations");
            yield view;
          }
        });
  }

  private static ObjectNode found(ObjectNode view, Found found) {
    view.put("answered", true).put("answer", found.text());
    ArrayNode citations = view.putArray("citations");
    for (Citation citation : found.citations()) {
      ObjectNode each = citations.addObject().put("number", citations.size());
      ArrayNode quotes = each.putArray("quotes");
      citation.quotes().forEach(quotes::add);
      each.setAll(HitView.of(citation.hit()));
    }
    return view;
  }
}
