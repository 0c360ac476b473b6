package dev.millrace.embedding.index;

/**
 * A chunk in the index.
 *
 * @param id its row
 * @param hash hash of what was embedded of it
 */
public record StoredChunk(long id, String hash) {}
