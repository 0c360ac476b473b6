package dev.millrace.worker.prompt;

import dev.millrace.runtime.writer.AnswerSchema;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model gets for one run, and what its answer becomes.
 *
 * @param target file that the answer becomes, if it becomes one
 * @param writes whether the run may write files
 * @param answer what its answer must look like, if that is prescribed
 */
public record Briefing(
    Prompt prompt, Optional<String> target, boolean writes, Optional<AnswerSchema> answer) {

  /** A code fence around the whole of an answer, which some models add although told not to. */
  private static final Pattern WRAPPED =
      Pattern.compile("\\A\\s*```[A-Za-z0-9_+-]*\\n(.*)\\n```\\s*\\z", Pattern.DOTALL);

  /** The result that an answer makes. */
  public Completed completed(String answer, String model) {
    return new Completed(
        answer,
        target.map(path -> List.of(new ResultFile(path, content(answer)))).orElse(List.of()),
        model);
  }

  private static String content(String answer) {
    Matcher wrapped = WRAPPED.matcher(answer);
    String content =
        wrapped.matches() && !wrapped.group(1).contains("\n```") ? wrapped.group(1) : answer;
    return content.strip() + '\n';
  }
}
