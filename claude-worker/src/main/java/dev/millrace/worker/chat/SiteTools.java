package dev.millrace.worker.chat;

import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.writer.Fence;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.RunReporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tools that reach beyond the repository of a task: the knowledge base and sub-tasks. A site says
 * which of them its models get.
 */
public final class SiteTools {

  /** Variable that names the tools. */
  public static final String VARIABLE = "AGENT_TOOLS";

  private static final String KNOWLEDGE = "knowledge";
  private static final String SUBTASKS = "subtasks";

  /** What models get unless the site says otherwise. */
  public static final List<String> ALL = List.of(KNOWLEDGE, SUBTASKS);

  /** No tools. */
  public static final SiteTools NONE = new SiteTools(null, null);

  /** The name for none in the variable, whose empty value stands for the default. */
  private static final String NOTHING = "none";

  private final @Nullable Function<SearchRequest, List<SearchHit>> search;
  private final @Nullable RoutingTable routes;

  private SiteTools(
      @Nullable Function<SearchRequest, List<SearchHit>> search, @Nullable RoutingTable routes) {
    this.search = search;
    this.routes = routes;
  }

  /**
   * The tools of these names.
   *
   * @throws ConfigurationException if there is none of a name
   */
  public static SiteTools from(
      List<String> names, Function<SearchRequest, List<SearchHit>> search, RoutingTable routes) {
    Set<String> wanted = Set.copyOf(names);
    if (wanted.equals(Set.of(NOTHING))) {
      return NONE;
    }
    if (!ALL.containsAll(wanted)) {
      throw new ConfigurationException(
          VARIABLE, "expected none, or some of %s, found %s".formatted(ALL, names));
    }
    return new SiteTools(
        wanted.contains(KNOWLEDGE) ? search : null, wanted.contains(SUBTASKS) ? routes : null);
  }

  /** The tools of a run. */
  List<Tool> of(AgentRun run, Fence fence, RunReporter reporter) {
    List<Tool> tools = new ArrayList<>();
    if (search != null) {
      tools.add(new KnowledgeTool(search, fence));
    }
    if (routes != null && SubtaskTool.isFor(run)) {
      tools.add(new SubtaskTool(run, routes, reporter));
    }
    return tools;
  }
}
