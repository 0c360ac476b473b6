package dev.millrace.embedding.push;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a push are documents. Patterns are those of {@link FileSystem#getPathMatcher}'s
 * {@code glob}, except that a leading <code>**&#47;</code> stands for no folder, too.
 */
public final class DocumentPaths {

  private static final String ANYWHERE = "**/";

  private final List<PathMatcher> paths;
  private final List<PathMatcher> branches;
  private final List<Category> categories;

  /**
   * @param paths patterns of the files that are documents
   * @param branches patterns of the branches whose pushes count; none for the default branch only
   * @param categoriesByPattern category of the files of a pattern; the first that fits counts
   * @throws IllegalArgumentException if a pattern is malformed
   */
  public DocumentPaths(
      List<String> paths, List<String> branches, Map<String, String> categoriesByPattern) {
    this.paths = paths.stream().map(DocumentPaths::matcher).toList();
    this.branches = branches.stream().map(DocumentPaths::matcher).toList();
    this.categories =
        categoriesByPattern.entrySet().stream()
            .map(category -> new Category(category.getValue(), matcher(category.getKey())))
            .toList();
  }

  private record Category(String name, PathMatcher files) {}

  private static PathMatcher matcher(String pattern) {
    FileSystem files = FileSystems.getDefault();
    PathMatcher whole = files.getPathMatcher("glob:" + pattern);
    if (!pattern.startsWith(ANYWHERE)) {
      return whole;
    }
    PathMatcher atRoot = files.getPathMatcher("glob:" + pattern.substring(ANYWHERE.length()));
    return path -> whole.matches(path) || atRoot.matches(path);
  }

  /** Whether a file is a document. */
  boolean isDocument(String path) {
    return path(path).filter(p -> paths.stream().anyMatch(m -> m.matches(p))).isPresent();
  }

  /**
   * Whether pushes to a branch count.
   *
   * @param defaultBranch the repository's default branch, if the push says which it is
   */
  boolean isIndexed(String branch, @Nullable String defaultBranch) {
    if (branches.isEmpty()) {
      return defaultBranch == null || branch.equals(defaultBranch);
    }
    return path(branch).filter(b -> branches.stream().anyMatch(m -> m.matches(b))).isPresent();
  }

  /** Category of a file, if its path says which. */
  Optional<String> category(String path) {
    return path(path)
        .flatMap(p ->
            categories.stream()
                .filter(category -> category.files().matches(p))
                .map(Category::name)
                .findFirst());
  }

  /** A name that this machine's file system could not have is no document. */
  private static Optional<Path> path(String path) {
    try {
      return Optional.of(Path.of(path));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
