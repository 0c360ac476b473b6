package dev.millrace.worker.answer;

import dev.millrace.runtime.writer.AnswerSchema;
import dev.millrace.worker.agent.AgentRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which runs must answer in JSON: those whose task has the attribute {@value
 * AnswerSchema#TASK_ATTRIBUTE}, a JSON Schema, and those of the roles in a flow that judge, plan or
 * make a part of a video; theirs are the files in this package's folder.
 */
public final class AnswerSchemas {

  private static final List<String> ROLES =
      List.of(
          "starter",
          "reviewer",
          "deployer",
          "verifier",
          "auditor",
          "writer",
          "director",
          "producer");

  private static final Map<String, AnswerSchema> BY_ROLE =
      ROLES.stream().collect(Collectors.toUnmodifiableMap(role -> role, AnswerSchemas::resource));

  private AnswerSchemas() {}

  /**
   * The schema of a run's answer, if it has one.
   *
   * @throws AnswerSchema.InvalidSchemaException if the task's own is none
   */
  public static Optional<AnswerSchema> of(AgentRun run) {
    return run.attribute(AnswerSchema.TASK_ATTRIBUTE).map(AnswerSchema::of).or(() -> ofRole(run));
  }

  /** Whether the schema was brought along by the task, so that it is the text of others. */
  public static boolean isOfTask(AgentRun run) {
    return run.attribute(AnswerSchema.TASK_ATTRIBUTE).isPresent();
  }

  private static Optional<AnswerSchema> ofRole(AgentRun run) {
    return run.role().map(BY_ROLE::get);
  }

  private static AnswerSchema resource(String role) {
    String file = role + ".json";
    try (InputStream in = AnswerSchemas.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the answer schema " + file + " is missing");
      }
      return AnswerSchema.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the answer schema " + file, e);
    }
  }
}
