package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lists are read page by page without a row left out or told twice. */
@ExtendWith(WithMillrace.class)
class PagedListsIT {

  @BeforeEach
  void haveRunsOfWhichSomeHaveNotStarted(Millrace millrace) {
    millrace
        .owner()
        .useHandle(handle ->
            handle.execute(
                """
                INSERT INTO agents (id, task_id, agent_type, status, started_at, metadata, trace_id)
                VALUES ('paged-a', 'paged', 'paged', 'completed', '2026-01-02Z', '{}', ''),
                       ('paged-b', 'paged', 'paged', 'running', '2026-01-03Z', '{}', ''),
                       ('paged-c', 'paged', 'paged', 'running', '2026-01-03Z', '{}', ''),
                       ('paged-d', 'paged', 'paged', 'starting', NULL, '{}', ''),
                       ('paged-e', 'paged', 'paged', 'starting', NULL, '{}', ''),
                       ('paged-f', 'paged', 'other', 'starting', NULL, '{}', '')
                """));
  }

  @AfterEach
  void removeThem(Millrace millrace) {
    millrace
        .owner()
        .useHandle(handle -> handle.execute("DELETE FROM agents WHERE task_id = 'paged'"));
  }

  @Test
  void thoseThatHaveNotStartedComeFirstThenTheNewest(Millrace millrace) {
    List<String> expected = List.of("paged-e", "paged-d", "paged-c", "paged-b", "paged-a");

    for (int limit = 1; limit <= expected.size(); limit++) {
      assertThat(ids(millrace, "agent_type=paged&limit=" + limit))
          .as("in pages of %d", limit)
          .isEqualTo(expected);
    }
  }

  @Test
  void filtersHoldOnEveryPage(Millrace millrace) {
    assertThat(ids(millrace, "agent_type=paged&status=running&limit=1"))
        .containsExactly("paged-c", "paged-b");
    assertThat(ids(millrace, "task_id=paged&status=starting&limit=1"))
        .containsExactly("paged-f", "paged-e", "paged-d");
  }

  private static List<String> ids(Millrace millrace, String query) {
    List<String> ids = new ArrayList<>();
    String cursor = null;
    do {
      String page = cursor == null ? query : query + "&cursor=" + cursor;
      JsonNode body = millrace.gateway().get("/api/agents?" + page).json();
      body.path("agents").forEach(agent -> ids.add(agent.path("id").asText()));
      cursor = body.path("next_cursor").asText(null);
    } while (cursor != null);
    return ids;
  }
}
