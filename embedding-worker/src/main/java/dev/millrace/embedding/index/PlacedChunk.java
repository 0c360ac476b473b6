package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * A chunk in its place.
 *
 * @param chunk the chunk
 * @param hash hash of what is embedded of it
 * @param vector where its vector comes from
 */
public record PlacedChunk(Chunk chunk, String hash, Vector vector) {

  /** Where a vector comes from. */
  public sealed interface Vector {
    /** The row that has it already. */
    record Stored(long id) implements Vector {}

    /** The model made it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Created(float[] values) implements Vector {}
  }

  @Nullable Long storedId() {
    return vector instanceof Vector.Stored(long id) ? id : null;
  }
}
