package dev.millrace.knowledge.search;

import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.runtime.database.Database;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Search over the indexed chunks: by meaning, by words, or by both. */
public final class KnowledgeSearch {

  /** Chunks of each ranking that a fused one is made of, at least. */
  private static final int MIN_DEPTH = 100;

  /** Chunks that are looked through at most for hits of different documents. */
  private static final int MAX_DEPTH = 6_400;

  private final Jdbi jdbi;
  private final EmbeddingModel model;
  private final TermStatistics statistics;
  private final SearchBulkhead bulkhead;

  /**
   * @param model the model that the documents are embedded with
   */
  public KnowledgeSearch(Database database, EmbeddingModel model) {
    this.jdbi = database.jdbi();
    this.bulkhead = new SearchBulkhead(database.poolSize());
    this.model = model;
    this.statistics = new TermStatistics(model.space());
  }

  /**
   * The chunks that fit the question best, the best first: as many as asked for, unless fewer pass
   * the filters (or, in a search for text, share a word with the question).
   *
   * @throws dev.millrace.knowledge.embedding.EmbeddingUnavailableException if the model cannot be
   *     reached
   * @throws org.jdbi.v3.core.JdbiException if Postgres cannot be reached, or no search ends for a
   *     while
   */
  public List<SearchHit> search(SearchRequest request) {
    Argument vector =
        request.mode() == SearchMode.TEXT
            ? null
            : model.space().argument(model.embed(request.query()));
    return bulkhead.execute(
        () -> jdbi.withHandle(handle -> new Run(handle, request, vector).hits()));
  }

  /** One search. */
  private final class Run {

    private final SearchRequest request;
    private final Personalization personalization;
    private final CandidateReader reader;

    Run(Handle handle, SearchRequest request, @Nullable Argument vector) {
      this.request = request;
      this.personalization = PersonalizationReader.of(handle, request.reader());
      Conditions conditions = new Conditions(model.space(), request.filter());
      TextRanking byText =
          request.mode() == SearchMode.VECTOR
              ? null
              : new TextRanking(handle, conditions, statistics, request.query());
      this.reader =
          new CandidateReader(
              handle,
              conditions,
              vector == null ? null : new VectorRanking(handle, conditions, vector),
              byText != null && byText.hasWords() ? byText : null);
    }

    /** Looks deeper while chunks of the same documents take the places of others. */
    List<SearchHit> hits() {
      int depth = depth();
      while (true) {
        CandidateReader.Found found = reader.read(depth);
        List<SearchHit> hits = new Ranking(found.candidates(), request, personalization).hits();
        if (hits.size() >= request.limit() || found.exhausted() || depth >= MAX_DEPTH) {
          return hits;
        }
        depth *= 4;
      }
    }

    /** Deeper than what is asked for, where something further behind may come to the front. */
    private int depth() {
      int wanted = request.onePerDocument() ? 2 * request.limit() : request.limit();
      return request.mode() == SearchMode.HYBRID || !personalization.isNone()
          ? Math.max(MIN_DEPTH, 2 * wanted)
          : wanted;
    }
  }
}
