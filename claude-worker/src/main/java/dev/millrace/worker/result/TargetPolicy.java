package dev.millrace.worker.result;

import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which file of the repository a task writes. A task that only looks at a file, such as a
 * review, must not replace it by what it has to say about it.
 *
 * @param writingTaskTypes task types whose answer is a file
 */
public record TargetPolicy(Set<String> writingTaskTypes) {

  /** Names the file to write, whatever the type of the task. */
  public static final String OUTPUT_PATH = "output_path";

  /** {@code false} keeps the answer out of the repository. */
  public static final String COMMIT = "commit";

  /** The role that chooses itself which files it writes. */
  private static final String CODING = "coding";

  private static final Set<String> DOCUMENT_SUFFIXES =
      Set.of(".md", ".markdown", ".adoc", ".rst", ".txt", ".html");

  public TargetPolicy {
    writingTaskTypes = Set.copyOf(writingTaskTypes);
  }

  /** Whether the task writes files at all: one that it names, or those that its agent chooses. */
  public boolean writes(AgentRun run) {
    return commits(run)
        && (pathFor(run).isPresent() || run.role().filter(CODING::equals).isPresent());
  }

  private static boolean commits(AgentRun run) {
    return run.place().repository() != null
        && run.attribute(COMMIT).filter("false"::equals).isEmpty();
  }

  /** The path of the file that the task writes, if it writes one. */
  public Optional<String> pathFor(AgentRun run) {
    Place place = run.place();
    if (!commits(run)) {
      return Optional.empty();
    }
    Optional<String> asked = run.attribute(OUTPUT_PATH);
    if (asked.isPresent() || place.filePath() == null) {
      return asked;
    }
    if (!writingTaskTypes.contains(run.taskType())) {
      return Optional.empty();
    }
    return Optional.of(
        run.taskType().equals("documentation")
            ? documentAbout(place.filePath())
            : place.filePath());
  }

  /** Documentation of a source file stands beside the other documents, not in its place. */
  private static String documentAbout(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String lower = name.toLowerCase(Locale.ROOT);
    return DOCUMENT_SUFFIXES.stream().anyMatch(lower::endsWith) ? path : "docs/" + name + ".md";
  }
}
