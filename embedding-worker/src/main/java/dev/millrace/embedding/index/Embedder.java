package dev.millrace.embedding.index;

import static java.util.Objects.requireNonNull;

import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.embedding.index.PlacedChunk.Vector;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingRefusedException;
import dev.millrace.knowledge.embedding.EmbeddingUnavailableException;
import java.time.Duration;
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

  private final EmbeddingModel model;
  private final EmbeddingPace pace;
  private final Retryer retryer;

  Embedder(EmbeddingModel model, EmbeddingPace pace, Retryer retryer) {
    this.model = model;
    this.pace = pace;
    this.retryer = retryer;
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
    List<String> texts = missing.stream().map(index -> text.apply(chunks.get(index))).toList();
    List<float[]> created = embed(texts);
    for (int i = 0; i < created.size(); i++) {
      vectors.put(missing.get(i), new Vector.Created(created.get(i)));
    }
    return chunks.stream()
        .map(c -> new PlacedChunk(c, hashes.get(c.index()), requireNonNull(vectors.get(c.index()))))
        .toList();
  }

  /** In batches; each is made when its turn comes, as large as the model takes then. */
  private List<float[]> embed(List<String> texts) throws InterruptedException {
    List<float[]> vectors = new ArrayList<>(texts.size());
    while (vectors.size() < texts.size()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped between two batches");
      }
      retryer.pause(pace.takeTurn());
      List<String> rest = texts.subList(vectors.size(), texts.size());
      vectors.addAll(retryer.call(() -> batch(rest)));
    }
    return vectors;
  }

  /** Vectors of the first of these texts, as many as go at once. */
  private List<float[]> batch(List<String> texts) {
    try {
      List<float[]> vectors =
          model.embed(texts.subList(0, Math.min(texts.size(), pace.batchSize())));
      pace.succeeded();
      return vectors;
    } catch (EmbeddingUnavailableException e) {
      if (e.isLimit()) {
        pace.limited(e.retryAfter().orElse(Duration.ZERO));
      }
      throw new UnavailableException(
          String.valueOf(e.getMessage()), e.retryAfter().orElse(null), e);
    } catch (EmbeddingRefusedException e) {
      throw new DocumentRejectedException("embedding_refused: " + e.getMessage(), e);
    }
  }
}
