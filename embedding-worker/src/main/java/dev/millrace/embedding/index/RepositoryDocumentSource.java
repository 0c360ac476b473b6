package dev.millrace.embedding.index;

import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.repositories.RepositoryFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads documents from git repositories, on GitHub or on this machine. */
public final class RepositoryDocumentSource implements DocumentSource {

  private final Repositories repositories;

  public RepositoryDocumentSource(Repositories repositories) {
    this.repositories = repositories;
  }

  @Override
  public Fetched fetch(DocumentRef document, @Nullable String commitSha) {
    String repository = document.repository();
    String path = document.filePath();
    if (repository == null || path == null) {
      throw new DocumentRejectedException(
          "invalid: expected a content, or a repository and a path to fetch it from");
    }
    String ref = commitSha == null ? document.branch() : commitSha;
    try {
      RepositoryFile file =
          repositories
              .repository(repository)
              .read(path, ref)
              .orElseThrow(() ->
                  new DocumentRejectedException(
                      "not_found: %s has no file %s at %s"
                          .formatted(repository, path, ref == null ? "its default branch" : ref)));
      return new Fetched(file.content(), file.commitSha(), file.committedAt());
    } catch (RepositoryException e) {
      throw failure(e);
    }
  }

  /**
   * Paths of the files in a folder and below.
   *
   * @param branch null is the default branch
   * @throws DocumentRejectedException if it cannot be listed
   * @throws UnavailableException if it may be listed later
   */
  public List<String> list(String repository, String folder, @Nullable String branch) {
    try {
      return repositories.repository(repository).list(branch, folder);
    } catch (RepositoryException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(RepositoryException e) {
    return e.isRetriable()
        ? new UnavailableException(String.valueOf(e.getMessage()), e.retryAfter().orElse(null), e)
        : new DocumentRejectedException(e.code() + ": " + e.getMessage(), e);
  }
}
