package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The open tasks of queues, page by page, while others end. */
@ExtendWith(WithMillrace.class)
class QueuePagesIT {

  private static final List<String> OF_ALL =
      List.of(
          "paged-runs", "paged-critical", "paged-high", "paged-older", "paged-newer", "paged-bare");

  @BeforeEach
  void haveTasksInTwoQueues(Millrace millrace) {
    execute(
        millrace,
        """
        INSERT INTO ai_tasks (task_id, status, priority, queue, trace_id, created_at, updated_at)
        VALUES ('paged-newer', 'queued', 'low', 'javari', '', '2026-01-03Z', '2026-01-03Z'),
               ('paged-older', 'pending', 'low', 'javari', '', '2026-01-02Z', '2026-01-03Z'),
               ('paged-high', 'queued', 'high', 'chatgpt', '', '2026-01-04Z', '2026-01-04Z'),
               ('paged-critical', 'paused', 'critical', 'javari', '', '2026-01-05Z', '2026-01-05Z'),
               ('paged-runs', 'in_progress', 'low', 'javari', '', '2026-01-06Z', '2026-01-06Z'),
               ('paged-bare', 'pending', NULL, NULL, '', '2026-01-01Z', '2026-01-01Z')
        """);
  }

  @AfterEach
  void removeThem(Millrace millrace) {
    execute(millrace, "DELETE FROM ai_tasks WHERE task_id LIKE 'paged-%'");
  }

  @Test
  void thoseThatRunComeFirstThenByPriorityAndAge(Millrace millrace) {
    for (int limit = 1; limit <= OF_ALL.size(); limit++) {
      assertThat(ids(millrace, "limit=" + limit, _ -> {}))
          .as("in pages of %d", limit)
          .containsExactlyElementsOf(OF_ALL);
      assertThat(ids(millrace, "queue=javari&limit=" + limit, _ -> {}))
          .as("of one queue, in pages of %d", limit)
          .containsExactly("paged-runs", "paged-critical", "paged-older", "paged-newer");
    }
  }

  @Test
  void noneIsLeftOutWhenThoseThatWereSeenEndMeanwhile(Millrace millrace) {
    assertThat(ids(millrace, "limit=2", seen -> end(millrace, seen)))
        .containsExactlyElementsOf(OF_ALL);
  }

  private static void end(Millrace millrace, List<String> seen) {
    millrace
        .owner()
        .useHandle(handle ->
            handle
                .createUpdate(
                    """
                    UPDATE ai_tasks SET status = 'completed', completed_at = now()
                     WHERE task_id LIKE 'paged-%' AND task_id IN (<seen>)
                    """)
                .bindList("seen", seen)
                .execute());
  }

  private static void execute(Millrace millrace, String sql) {
    millrace.owner().useHandle(handle -> handle.execute(sql));
  }

  /**
   * Those of this test, in the order in which they come; those seen so far are told after each
   * page.
   */
  private static List<String> ids(Millrace millrace, String query, Consumer<List<String>> between) {
    List<String> ids = new ArrayList<>();
    String cursor = null;
    do {
      String page = cursor == null ? query : query + "&cursor=" + cursor;
      JsonNode body = millrace.gateway().get("/api/queue?" + page).json();
      body.path("items").forEach(task -> ids.add(task.path("task_id").asText()));
      cursor = body.path("next_cursor").asText(null);
      between.accept(ids);
    } while (cursor != null);
    return ids.stream().filter(id -> id.startsWith("paged-")).toList();
  }
}
