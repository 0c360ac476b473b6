package dev.millrace.worker.prompt;

import dev.millrace.runtime.writer.Fence;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.answer.AnswerSchemas;
import dev.millrace.worker.source.ReviewedChange;
import dev.millrace.worker.source.ReviewedChanges;
import dev.millrace.worker.source.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes prompts from the templates in this package's folder: {@code system.md} for all tasks, one
 * file for each role and each task type, {@code other.md} for the rest. A placeholder is a name in
 * double braces; what is put in its place is never looked through for placeholders again.
 */
public final class Prompts {

  private static final List<String> TASK_TYPES =
      List.of("documentation", "code", "review", "analysis", "summary", "translation");
  private static final List<String> ROLES =
      List.of(
          "starter", "coding", "reviewer", "deployer", "verifier", "auditor", "writer", "director");
  private static final String OTHER = "other";

  /** Attribute of a task: what others wrote about it. */
  private static final String MATERIAL = "material";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z_]+)}}");

  private final Map<String, String> templates;
  private final String salt = UUID.randomUUID().toString();

  /** Reads the templates. */
  public Prompts() {
    this.templates =
        Stream.of(TASK_TYPES, ROLES, List.of("system", OTHER))
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableMap(name -> name, Prompts::resource));
  }

  /**
   * The prompt for a run.
   *
   * @param target file that the answer becomes, if it becomes one
   * @param sources files to give along
   * @param change the change that it is about, if it is about one
   */
  public Prompt prompt(
      AgentRun run,
      Optional<String> target,
      List<SourceFile> sources,
      Optional<ReviewedChange> change) {
    Fence fence = fence(run);
    String template =
        run.role()
            .map(templates::get)
            .orElseGet(() -> templates.getOrDefault(run.taskType(), template(OTHER)));
    String user =
        fill(
            template,
            Map.of(
                "fence", fence.code(),
                "task", fence.around("task", task(run)) + material(fence, run),
                "target", target.map(path -> fence.around("path", path)).orElse("none"),
                "files", files(fence, sources),
                "change", change.map(reviewed -> diff(fence, reviewed)).orElse("none")));
    return new Prompt(template("system"), user + answer(fence, run));
  }

  /** What others wrote about the task: material, not what is to be done. */
  private static String material(Fence fence, AgentRun run) {
    return run.attribute(MATERIAL)
        .map(material -> "\n\nWhat others wrote about it:\n\n" + fence.around("material", material))
        .orElse("");
  }

  /** What the answer must look like, if that is prescribed. */
  private static String answer(Fence fence, AgentRun run) {
    return AnswerSchemas.of(run)
        .map(schema ->
            "\n\nAnswer with one JSON object and nothing else. It must fit this JSON Schema:\n\n"
                + (AnswerSchemas.isOfTask(run)
                    ? fence.around("schema", schema.text())
                    : schema.text()))
        .orElse("");
  }

  /** What fences the text of others in all that the model of a run is told. */
  public Fence fence(AgentRun run) {
    return new Fence(salt, run.id().value());
  }

  private static String task(AgentRun run) {
    return run.title() == null ? run.description() : run.title() + "\n\n" + run.description();
  }

  private static String files(Fence fence, List<SourceFile> sources) {
    return sources.isEmpty()
        ? "none"
        : sources.stream()
            .map(file -> fence.around("file " + file.path(), file.text()))
            .collect(Collectors.joining("\n\n"));
  }

  private static String diff(Fence fence, ReviewedChange change) {
    String fenced = fence.around("diff of commit " + change.commit(), change.diff().text());
    return change.diff().cut()
        ? fenced
            + "\n\nThe diff is cut here, after %d bytes: you have not seen all of the change. Read what is missing in the repository, or say in the summary that you judged a part."
                .formatted(ReviewedChanges.MAX_DIFF_BYTES)
        : fenced;
  }

  private String template(String name) {
    String template = templates.get(name);
    if (template == null) {
      throw new IllegalStateException("no prompt template named " + name);
    }
    return template;
  }

  private static String fill(String template, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(match -> {
          String value = values.get(match.group(1));
          if (value == null) {
            throw new IllegalStateException("a template asks for " + match.group());
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private static String resource(String name) {
    String file = name + ".md";
    try (InputStream in = Prompts.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the prompt template " + file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the prompt template " + file, e);
    }
  }
}
