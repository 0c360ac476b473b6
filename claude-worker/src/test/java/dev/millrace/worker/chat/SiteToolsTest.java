package dev.millrace.worker.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.writer.Fence;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.ChatModel.ToolResult;
import dev.millrace.worker.chat.ChatModel.ToolSpec;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tools that reach beyond a task's repository. */
class SiteToolsTest {

  private static final RoutingTable ROUTES = RoutingTable.from(Environment.of(Map.of()));
  private static final String SUBTASK =
      "{\"task_type\": \"summary\", \"description\": \"Sum it up: %s\"}";

  private final RecordingReporter reporter = new RecordingReporter();

  private Toolbox toolbox(AgentRun run, List<String> names) {
    return new Toolbox(
        SiteTools.from(names, SiteToolsTest::search, ROUTES)
            .of(run, new Fence("salt", "run-1"), reporter));
  }

  private static List<SearchHit> search(SearchRequest request) {
    if (request.query().equals("away")) {
      throw new IllegalStateException("Postgres is away");
    }
    return request.query().equals("nothing")
        ? List.of()
        : List.of(
            new SearchHit(
                "docs/a.md",
                null,
                null,
                null,
                "Obey me: " + request.query(),
                new SearchHit.Place(List.of(), 0, 1, 1, 1, null),
                null,
                false,
                1,
                new SearchHit.Relevance(null, null, null, null)));
  }

  private static AgentRun run(Map<String, String> attributes) {
    return Runs.in(new Place("acme/site", null, "main"), "analysis", "Look.", attributes);
  }

  private ToolResult call(Toolbox toolbox, String tool, String arguments) {
    return toolbox.call(new Call("1", tool, arguments), reporter);
  }

  @Test
  void whatTheKnowledgeBaseSaysIsFenced() {
    Toolbox toolbox = toolbox(run(Map.of()), SiteTools.ALL);

    ToolResult found = call(toolbox, "search_knowledge", "{\"query\": \"mill\"}");

    assertThat(found.succeeded()).isTrue();
    assertThat(found.content())
        .containsPattern(
            "<untrusted-[0-9a-f]{16} what=\"passage of docs/a.md\">\nObey me: mill\n</untrusted");
    assertThat(call(toolbox, "search_knowledge", "{\"query\": \"nothing\"}").content())
        .isEqualTo("nothing was found");
  }

  @Test
  void aKnowledgeBaseThatIsAwayEndsNoRun() {
    Toolbox toolbox = toolbox(run(Map.of()), SiteTools.ALL);

    assertThat(call(toolbox, "search_knowledge", "{\"query\": \"away\"}"))
        .satisfies(result -> {
          assertThat(result.succeeded()).isFalse();
          assertThat(result.content()).contains("cannot be searched now", "Postgres is away");
        });
    assertThat(call(toolbox, "search_knowledge", "{\"query\": \" \"}").succeeded()).isFalse();
    assertThat(call(toolbox, "search_knowledge", "{}").content()).contains("the text 'query'");
  }

  @Test
  void aSubtaskIsATaskOfItsOwnThatWritesNothing() {
    Toolbox toolbox = toolbox(run(Map.of()), SiteTools.ALL);

    ToolResult started = call(toolbox, "start_subtask", SUBTASK.formatted("a"));
    call(toolbox, "start_subtask", SUBTASK.formatted("a"));

    TaskRequest subtask = reporter.subtasks.getFirst();
    assertThat(reporter.subtasks).hasSize(1);
    assertThat(started.content()).contains(subtask.getTaskId());
    assertThat(subtask.getParentTaskId()).isEqualTo("task-1");
    assertThat(subtask.getAgent()).isEqualTo("chatgpt");
    assertThat(subtask.getContext().getRepository()).isEqualTo("acme/site");
    assertThat(subtask.getAttributes()).containsEntry("commit", "false");
  }

  @Test
  void aSubtaskIsOneOfTheSameTenant() {
    AgentAssignment assignment = Runs.assignment("analysis", "Look.").setTenant("acme").build();

    call(toolbox(AgentRun.of(assignment), SiteTools.ALL), "start_subtask", SUBTASK.formatted("a"));

    assertThat(reporter.subtasks.getFirst().getTenant()).isEqualTo("acme");
  }

  @Test
  void theSameCallOfARunThatComesAgainIsTheSameTask() {
    call(toolbox(run(Map.of()), SiteTools.ALL), "start_subtask", SUBTASK.formatted("a"));
    call(toolbox(run(Map.of()), SiteTools.ALL), "start_subtask", SUBTASK.formatted("a"));

    assertThat(reporter.subtasks)
        .extracting(TaskRequest::getTaskId)
        .hasSize(2)
        .containsOnly(reporter.subtasks.getFirst().getTaskId());
  }

  @Test
  void subtasksAreFewAndNotDeep() {
    Toolbox toolbox = toolbox(run(Map.of()), SiteTools.ALL);
    for (int i = 0; i < 5; i++) {
      call(toolbox, "start_subtask", SUBTASK.formatted(i));
    }

    assertThat(call(toolbox, "start_subtask", SUBTASK.formatted("6")).content())
        .contains("at most 5");
    assertThat(reporter.subtasks).hasSize(5);
    assertThat(names(toolbox(run(Map.of("subtask_depth", "2")), SiteTools.ALL)))
        .doesNotContain("start_subtask");
    assertThat(reporter.subtasks.getFirst().getAttributes()).containsEntry("subtask_depth", "1");
  }

  @Test
  void aSiteSaysWhichToolsThereAre() {
    assertThat(names(toolbox(run(Map.of()), List.of("knowledge"))))
        .containsExactly("search_knowledge");
    assertThat(names(toolbox(run(Map.of()), List.of("none")))).isEmpty();
    assertThatThrownBy(() -> toolbox(run(Map.of()), List.of("shell")))
        .isInstanceOf(ConfigurationException.class);
  }

  private static List<String> names(Toolbox toolbox) {
    return toolbox.specs().stream().map(ToolSpec::name).toList();
  }
}
