package dev.millrace.embedding.index;

import java.util.List;
import java.util.Optional;

/**
 * Where indexed documents are. Every method throws {@link UnavailableException} when it cannot be
 * reached.
 */
public interface DocumentStore {

  /** What is known of a document. */
  Optional<StoredDocument> find(String uri);

  /** Its chunks that have a vector of this model, in their order. */
  List<StoredChunk> chunks(String uri, String model);

  /**
   * Replaces a document with all its chunks at once: a search sees the old ones or the new ones.
   *
   * @return false, and nothing is changed, if the document is no longer at the expected revision
   */
  boolean replace(DocumentState state, List<PlacedChunk> chunks);

  /**
   * Notes a new state of a document that keeps its chunks.
   *
   * @return false, and nothing is changed, if the document is no longer at the expected revision
   */
  boolean touch(DocumentState state);
}
