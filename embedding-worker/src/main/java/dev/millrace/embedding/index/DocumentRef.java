package dev.millrace.embedding.index;

import org.jspecify.annotations.Nullable;

/**
 * Which document it is, and what is known of it besides its content.
 *
 * @param uri its identity, for example {@code github://owner/name/docs/a.md}
 * @param category category that searches filter by; null leaves the one it has
 * @param repository repository as {@code owner/name}, for a file of one
 * @param filePath path in the repository
 * @param branch branch it is read from; null is the default branch
 * @param title its title; null takes the one that the document says
 * @param tenant tenant it belongs to
 */
public record DocumentRef(
    String uri,
    @Nullable String category,
    @Nullable String repository,
    @Nullable String filePath,
    @Nullable String branch,
    @Nullable String title,
    @Nullable String tenant) {

  /** Scheme of a file in a repository on GitHub. */
  public static final String GITHUB_SCHEME = "github://";

  /** Identity of a file of a repository. */
  public static String githubUri(String repository, String path) {
    return GITHUB_SCHEME + repository + '/' + path;
  }

  /** Name that its format is guessed from. */
  String name() {
    return filePath == null ? uri : filePath;
  }
}
