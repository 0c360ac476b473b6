package dev.millrace.worker.agent;

import dev.millrace.repositories.FileChange;
import dev.millrace.repositories.FileChange.Mode;
import dev.millrace.repositories.FileChange.Write;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent made of a run. */
public sealed interface AgentResult {

  /** Size of the text, and of each file, at most, in UTF-8 bytes. */
  int MAX_BYTES = 1 << 20;

  /**
   * It did what was asked.
   *
   * @param text its answer
   * @param files what it made of files, to commit to the task's repository
   * @param model model that answered; null when none did
   */
  record Completed(String text, List<ResultFile> files, @Nullable String model)
      implements AgentResult {

    public Completed {
      text = withoutNul(text);
      files = List.copyOf(files);
    }
  }

  /**
   * It could not.
   *
   * @param exitCode exit code of the process, for agents that are one
   */
  record Failed(AgentFailure failure, @Nullable Integer exitCode) implements AgentResult {

    public Failed(AgentFailure failure) {
      this(failure, null);
    }
  }

  /**
   * What an agent made of a file.
   *
   * @param path path from the root of the repository, as the agent gave it: not checked yet
   */
  record ResultFile(String path, FileChange change) {

    public ResultFile {
      if (change instanceof Write(String text, Mode mode)) {
        change = new Write(withoutNul(text), mode);
      }
    }

    /** A file that it wrote. */
    public ResultFile(String path, String text) {
      this(path, new Write(text));
    }
  }

  /** Postgres keeps no NUL in text. */
  private static String withoutNul(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
