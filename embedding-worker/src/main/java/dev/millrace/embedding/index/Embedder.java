package dev.millrace.embedding.index;

import static java.util.Objects.requireNonNull;

import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.embedding.index.PlacedChunk.Vector;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingRefusedException;
import dev.millrace.knowledge.embedding.EmbeddingUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds a vector for every chunk: the one it has if its text is the same, else one of the model.
 */
final class Embedder {

  /** Texts that the model gets at once: between two batches the work can be interrupted. */
  private static final int BATCH_SIZE = 32;

  private final EmbeddingModel model;
  private final Patience patience;

  Embedder(EmbeddingModel model, Patience patience) {
    this.model = model;
    this.patience = patience;
  }

  /**
   * @param there chunks that the document has in the index; each is taken once
   * @param text what is embedded of a chunk
   */
  List<PlacedChunk> place(List<Chunk> chunks, List<StoredChunk> there, Function<Chunk, String> text)
      throws InterruptedException {
    Map<String, Deque<Long>> stored = new HashMap<>();
    there.forEach(c -> stored.computeIfAbsent(c.hash(), _ -> new ArrayDeque<>()).add(c.id()));
    List<String> hashes = new ArrayList<>(chunks.size());
    Map<Integer, Vector> vectors = new HashMap<>();
    List<Integer> missing = new ArrayList<>();
    for (Chunk chunk : chunks) {
      String hash = Hashes.of(text.apply(chunk));
      hashes.add(hash);
      Deque<Long> ids = stored.get(hash);
      if (ids == null || ids.isEmpty()) {
        missing.add(chunk.index());
      } else {
        vectors.put(chunk.index(), new Vector.Stored(ids.remove()));
      }
    }
    for (int from = 0; from < missing.size(); from += BATCH_SIZE) {
      List<Integer> batch = missing.subList(from, Math.min(missing.size(), from + BATCH_SIZE));
      List<float[]> created =
          embed(batch.stream().map(index -> text.apply(chunks.get(index))).toList());
      for (int i = 0; i < batch.size(); i++) {
        vectors.put(batch.get(i), new Vector.Created(created.get(i)));
      }
    }
    return chunks.stream()
        .map(c -> new PlacedChunk(c, hashes.get(c.index()), requireNonNull(vectors.get(c.index()))))
        .toList();
  }

  private List<float[]> embed(List<String> texts) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped between two batches");
    }
    return patience.await(() -> {
      try {
        return model.embed(texts);
      } catch (EmbeddingUnavailableException e) {
        throw new UnavailableException(
            String.valueOf(e.getMessage()), e.retryAfter().orElse(null), e);
      } catch (EmbeddingRefusedException e) {
        throw new DocumentRejectedException("embedding_refused: " + e.getMessage(), e);
      }
    });
  }
}
