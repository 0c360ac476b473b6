package dev.millrace.embedding.folder;

import dev.millrace.embedding.index.DocumentRef;
import dev.millrace.embedding.index.DocumentRejectedException;
import dev.millrace.schemas.document.DocumentChange;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes a change for each document in a folder of a repository out of the change of the folder. */
public final class FolderChanges {

  private static final int MAX_FILES = 5_000;

  private final Listing listing;
  private final Predicate<String> canParse;

  /** Lists the files of a repository. */
  @FunctionalInterface
  public interface Listing {
    /**
     * Paths of the files in a folder and below.
     *
     * @param branch null is the default branch
     * @throws DocumentRejectedException if it cannot be listed
     * @throws dev.millrace.embedding.index.UnavailableException if it may be listed later
     */
    List<String> list(String repository, String folder, @Nullable String branch);
  }

  /**
   * @param canParse whether there is a parser for a file of this name
   */
  public FolderChanges(Listing listing, Predicate<String> canParse) {
    this.listing = listing;
    this.canParse = canParse;
  }

  /** Whether a change is that of a folder: its path ends with a slash. */
  public static boolean isFolder(DocumentChange change) {
    String path = change.getFilePath();
    return path != null && path.endsWith("/") && change.getRepository() != null;
  }

  /**
   * The changes of the documents in the folder, by path; always the same for the same files.
   *
   * @throws DocumentRejectedException if it has no documents, or too many
   */
  public List<DocumentChange> of(DocumentChange folder) {
    String repository = folder.getRepository();
    String path = folder.getFilePath();
    if (repository == null || path == null) {
      throw new IllegalArgumentException("not a folder: " + folder.getDocumentUri());
    }
    String prefix = path.equals("/") ? "" : path;
    List<String> files =
        listing.list(repository, prefix, folder.getBranch()).stream().filter(canParse).toList();
    if (files.isEmpty() || files.size() > MAX_FILES) {
      throw new DocumentRejectedException(
          "folder: expected 1 to %d documents in %s of %s, found %d"
              .formatted(MAX_FILES, path, repository, files.size()));
    }
    return files.stream()
        .map(file ->
            DocumentChange.newBuilder()
                .setDocumentUri(DocumentRef.githubUri(repository, file))
                .setChange(folder.getChange())
                .setRepository(repository)
                .setFilePath(file)
                .setBranch(folder.getBranch())
                .setCategory(folder.getCategory())
                .setTenant(folder.getTenant())
                .setRequestedBy(folder.getRequestedBy())
                .setChangedAt(folder.getChangedAt())
                .build())
        .toList();
  }
}
