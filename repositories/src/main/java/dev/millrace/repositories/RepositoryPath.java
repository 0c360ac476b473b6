package dev.millrace.repositories;

import dev.millrace.repositories.FileChange.Write;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.runtime.failure.Texts;
import java.util.Locale;
import java.util.function.Function;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.jspecify.annotations.Nullable;

/** Rules for paths that others name, such as a model: they stay inside the repository. */
final class RepositoryPath {

  private static final int MAX_LENGTH = 1_024;
  private static final int MAX_SHOWN_LENGTH = 200;
  private static final String WORKFLOWS = ".github/workflows";

  private RepositoryPath() {}

  /** Checks a path that is to be read. */
  static void checkReadable(String path) {
    if (path.isEmpty() || path.length() > MAX_LENGTH) {
      throw invalid(path, "expected 1 to " + MAX_LENGTH + " characters");
    }
    if (path.indexOf('\\') >= 0 || path.chars().anyMatch(Character::isISOControl)) {
      throw invalid(path, "expected slashes between names, and no control characters");
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw invalid(path, "expected a path relative to the root of the repository, without ..");
      }
      if (name.equalsIgnoreCase(Constants.DOT_GIT)) {
        throw invalid(path, "nothing inside .git can be touched");
      }
    }
  }

  /**
   * Checks a path that is to be written. It must be a name that every file system takes as it is,
   * so that no checkout of the repository anywhere finds a disguised {@code .git} in it.
   */
  static void checkWritable(String path, boolean workflowsAllowed) {
    checkReadable(path);
    try {
      new ObjectChecker().setSafeForWindows(true).setSafeForMacOS(true).checkPath(path);
    } catch (CorruptObjectException e) {
      throw invalid(path, String.valueOf(e.getMessage()));
    }
    String lower = path.toLowerCase(Locale.ROOT);
    if (!workflowsAllowed && (lower.equals(WORKFLOWS) || lower.startsWith(WORKFLOWS + "/"))) {
      throw invalid(path, "a file there makes GitHub run code, which this commit may not do");
    }
  }

  /**
   * The mode that a commit writes a file with: its own if it exists, unless it is to be another.
   *
   * @param modeOf mode of what the tree has at a path, or null
   * @throws RepositoryException if a link, a submodule or a folder stands where the file would, or
   *     a file or a link where one of its folders would
   */
  static FileMode modeFor(String path, Write write, Function<String, @Nullable FileMode> modeOf) {
    FileMode mode = existing(path, modeOf);
    return switch (write.mode()) {
      case EXECUTABLE -> FileMode.EXECUTABLE_FILE;
      case REGULAR -> FileMode.REGULAR_FILE;
      case KEPT -> mode == null ? FileMode.REGULAR_FILE : mode;
    };
  }

  /**
   * The mode of a file that a commit changes; null if there is none.
   *
   * @throws RepositoryException as {@link #modeFor} does
   */
  static @Nullable FileMode existing(String path, Function<String, @Nullable FileMode> modeOf) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      FileMode parent = modeOf.apply(path.substring(0, slash));
      if (parent != null && !FileMode.TREE.equals(parent)) {
        throw invalid(path, "'" + path.substring(0, slash) + "' is no folder");
      }
    }
    FileMode mode = modeOf.apply(path);
    if (mode != null && !isFile(mode)) {
      throw invalid(path, "what stands there is no regular file");
    }
    return mode;
  }

  static boolean isFile(FileMode mode) {
    return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
  }

  static RepositoryException invalid(String path, String expectation) {
    return new RepositoryException(
        Reason.INVALID_PATH,
        "path '%s': %s".formatted(Texts.shorten(path, MAX_SHOWN_LENGTH), expectation));
  }
}
