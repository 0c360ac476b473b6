package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.http.Json;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchHit.Place;
import dev.millrace.knowledge.search.SearchHit.Relevance;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A hit of a search as JSON. */
final class HitView {

  private HitView() {}

  static ObjectNode of(SearchHit hit) {
    ObjectNode result =
        Json.object()
            .put("source", hit.source())
            .put("title", hit.title())
            .put("category", hit.category())
            .put("repository", hit.repository())
            .put("content", hit.content());
    Place place = hit.place();
    ArrayNode headings = result.putArray("heading_path");
    place.headingPath().forEach(headings::add);
    result
        .put("chunk_index", place.chunkIndex())
        .put("total_chunks", place.totalChunks())
        .put("start_line", place.startLine())
        .put("end_line", place.endLine())
        .put("page", place.page())
        .put("commit_sha", hit.commitSha())
        .put("stale", hit.stale())
        .put("score", hit.score());
    Relevance relevance = hit.relevance();
    result
        .put("similarity", relevance.similarity())
        .put("text_score", relevance.text())
        .put("vector_rank", relevance.vectorRank())
        .put("text_rank", relevance.textRank());
    ArrayNode influences = result.putArray("influences");
    relevance
        .influences()
        .forEach(influence ->
            influences
                .addObject()
                .put("reason", influence.reason())
                .put("effect", influence.effect()));
    return result;
  }
}
