package dev.millrace.worker.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.writer.Fence;
import dev.millrace.worker.chat.ChatModel.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Searches the knowledge base. What it finds is fenced: others wrote it. */
final class KnowledgeTool implements Tool {

  private static final String QUERY = "query";
  private static final int MAX_HITS = 6;

  private final Function<SearchRequest, List<SearchHit>> search;
  private final Fence fence;

  KnowledgeTool(Function<SearchRequest, List<SearchHit>> search, Fence fence) {
    this.search = search;
    this.fence = fence;
  }

  @Override
  public ToolSpec spec() {
    return new ToolSpec(
        "search_knowledge",
        "Searches the site's knowledge base for passages, by meaning and by words.",
        Map.of(QUERY, "What is looked for, as a question or in keywords."));
  }

  @Override
  public String perform(JsonNode arguments) throws ToolFailedException {
    List<SearchHit> hits;
    try {
      hits = search.apply(SearchRequest.of(arguments.path(QUERY).asText(), MAX_HITS));
    } catch (IllegalArgumentException e) {
      throw new ToolFailedException(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      throw new ToolFailedException(
          "the knowledge base cannot be searched now: " + Causes.rootMessage(e));
    }
    return hits.isEmpty()
        ? "nothing was found"
        : hits.stream()
            .map(hit -> fence.around("passage of " + hit.source(), hit.content()))
            .collect(Collectors.joining("\n\n"));
  }
}
