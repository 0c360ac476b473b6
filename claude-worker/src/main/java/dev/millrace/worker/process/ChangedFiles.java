package dev.millrace.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Mode;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.eclipse.jgit.ignore.IgnoreNode.MatchResult;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;

/**
 * What a command changed in a work tree: compared file by file with how the tree was before, so
 * that nothing depends on a {@code .git} folder that the command could have written to. Links are
 * not followed; what {@code .gitignore} names is left out unless it was there before.
 */
final class ChangedFiles {

  /** Files of one result at most. */
  static final int MAX_FILES = 200;

  private final Path root;
  private final Map<String, State> before;

  /**
   * A file, as far as git remembers it.
   *
   * @param content hash of what it holds; of a link, where it leads
   */
  private record State(String content, boolean executable, boolean link) {

    static State of(Path file) throws IOException {
      return Files.isSymbolicLink(file)
          ? new State(Files.readSymbolicLink(file).toString(), false, true)
          : new State(hash(file), Files.isExecutable(file), false);
    }
  }

  private ChangedFiles(Path root, Map<String, State> before) {
    this.root = root;
    this.before = before;
  }

  /** Remembers how a tree is now. */
  static ChangedFiles since(Path root) throws IOException {
    Map<String, State> states = new HashMap<>();
    ChangedFiles nothingKnown = new ChangedFiles(root, Map.of());
    nothingKnown.walk((path, file) -> states.put(path, State.of(file)));
    return new ChangedFiles(root, Map.copyOf(states));
  }

  /**
   * Files that are new, different or gone now.
   *
   * @param notes told what is left out, and why
   */
  List<ResultFile> collect(Consumer<String> notes) throws IOException {
    List<ResultFile> changed = new ArrayList<>();
    Map<String, State> missing = new TreeMap<>(before);
    walk((path, file) -> {
      State earlier = missing.remove(path);
      State now = State.of(file);
      if (now.equals(earlier)) {
        return;
      }
      if (now.link() || (earlier != null && earlier.link())) {
        notes.accept("is or was a link, which is not committed: " + path);
      } else if (hasRoom(changed, path, notes)) {
        written(path, file, mode(earlier, now), notes).ifPresent(changed::add);
      }
    });
    missing.forEach((path, earlier) -> {
      if (earlier.link()) {
        notes.accept("was a link, which is not committed: " + path);
      } else if (hasRoom(changed, path, notes)) {
        changed.add(new ResultFile(path, new Delete()));
      }
    });
    return changed;
  }

  private static Mode mode(@Nullable State earlier, State now) {
    if (now.executable()) {
      return Mode.EXECUTABLE;
    }
    return earlier != null && earlier.executable() ? Mode.REGULAR : Mode.KEPT;
  }

  private static boolean hasRoom(List<ResultFile> changed, String path, Consumer<String> notes) {
    if (changed.size() < MAX_FILES) {
      return true;
    }
    notes.accept("is one file too many, which is not committed: " + path);
    return false;
  }

  private static Optional<ResultFile> written(
      String path, Path file, Mode mode, Consumer<String> notes) throws IOException {
    if (Files.size(file) > AgentResult.MAX_BYTES) {
      notes.accept("is larger than 1 MB, which is not committed: " + path);
      return Optional.empty();
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
      return Optional.of(new ResultFile(path, new Write(text, mode)));
    } catch (CharacterCodingException e) {
      notes.accept("is no UTF-8 text, which is not committed: " + path);
      return Optional.empty();
    }
  }

  @FunctionalInterface
  private interface FileUse {
    void accept(String path, Path file) throws IOException;
  }

  private void walk(FileUse use) throws IOException {
    Deque<Ignored> ignored = new ArrayDeque<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            if (dir.getFileName().toString().equalsIgnoreCase(Constants.DOT_GIT)
                || isIgnored(ignored, dir, true)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            ignored.push(Ignored.in(dir));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String path = root.relativize(file).toString();
            if ((attributes.isRegularFile() || attributes.isSymbolicLink())
                && (before.containsKey(path) || !isIgnored(ignored, file, false))) {
              use.accept(path, file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException failure) {
            ignored.pop();
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The rules of one folder; the innermost folder that has an opinion decides. */
  private record Ignored(Path folder, IgnoreNode rules) {

    static Ignored in(Path folder) throws IOException {
      IgnoreNode rules = new IgnoreNode();
      Path file = folder.resolve(Constants.DOT_GIT_IGNORE);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        try (InputStream in = Files.newInputStream(file)) {
          rules.parse(in);
        }
      }
      return new Ignored(folder, rules);
    }
  }

  private static boolean isIgnored(Deque<Ignored> rules, Path path, boolean directory) {
    for (Ignored folder : rules) {
      String relative = folder.folder().relativize(path).toString();
      MatchResult result = folder.rules().isIgnored(relative, directory);
      if (result == MatchResult.IGNORED || result == MatchResult.NOT_IGNORED) {
        return result == MatchResult.IGNORED;
      }
    }
    return false;
  }

  private static String hash(Path file) throws IOException {
    try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter();
        InputStream in = Files.newInputStream(file)) {
      return formatter.idFor(Constants.OBJ_BLOB, Files.size(file), in).name();
    }
  }
}
