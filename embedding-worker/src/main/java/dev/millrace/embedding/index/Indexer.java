package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.chunk.Chunker;
import dev.millrace.embedding.index.DocumentSource.Fetched;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.embedding.parse.ParsedDocument;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.embedding.parse.UnparsableException;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings the index of a document up to date. Reading, cutting and embedding hold no lock; the
 * result is written only if nobody changed the document meanwhile, else it is done again from what
 * is there then.
 */
public final class Indexer {

  /** Times that others may change a document while it is indexed. */
  private static final int MAX_RACES = 10;

  private final DocumentSource source;
  private final Parsers parsers;
  private final EmbeddingModel model;
  private final DocumentStore store;
  private final Retryer retryer;
  private final Retryer fetchRetryer;
  private final Recipe recipe;
  private final Chunker chunker;
  private final Embedder embedder;
  private final long maxBytes;

  /**
   * @param retryer with the index and the model
   * @param fetchRetryer with the source: short, for a source that does not answer keeps documents
   *     of others waiting
   * @param pace of the model, for all documents in work
   * @param maxBytes size of a document at most
   */
  public Indexer(
      DocumentSource source,
      Parsers parsers,
      EmbeddingModel model,
      DocumentStore store,
      Retryer retryer,
      Retryer fetchRetryer,
      EmbeddingPace pace,
      ChunkLimits limits,
      long maxBytes) {
    this.source = source;
    this.parsers = parsers;
    this.model = model;
    this.store = store;
    this.retryer = retryer;
    this.fetchRetryer = fetchRetryer;
    this.recipe = new Recipe(model.space().model(), limits);
    this.chunker = new Chunker(model::countTokens, limits);
    this.embedder = new Embedder(model, pace, retryer);
    this.maxBytes = maxBytes;
  }

  /**
   * Does what a change asks for.
   *
   * @throws DocumentRejectedException if the document cannot be indexed
   * @throws UnavailableException if something it needs stays away
   */
  public Outcome index(IndexRequest request) throws InterruptedException {
    @Nullable Content content = null;
    for (int race = 0; race < MAX_RACES; race++) {
      Optional<StoredDocument> stored = retryer.call(() -> store.find(request.document().uri()));
      Optional<Outcome> decided = decided(request.changeId(), request.changedAt(), stored);
      if (decided.isPresent()) {
        return decided.get();
      }
      if (content == null && !(request.action() instanceof Action.Remove)) {
        content = content(request);
        decided = decided(request.changeId(), content.changedAt(), stored);
        if (decided.isPresent()) {
          return decided.get();
        }
      }
      Optional<Outcome> written =
          content == null ? remove(request, stored) : refresh(request, content, stored);
      if (written.isPresent()) {
        return written.get();
      }
    }
    throw new IllegalStateException(
        "others changed %s %d times while it was indexed"
            .formatted(request.document().uri(), MAX_RACES));
  }

  /** A document as it is to be indexed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Content(
      byte[] bytes,
      String hash,
      @Nullable String mediaType,
      @Nullable String commitSha,
      Instant changedAt) {}

  /** The outcome of a change that was done before, or that is older than what is there. */
  private static Optional<Outcome> decided(
      String changeId, @Nullable Instant changedAt, Optional<StoredDocument> stored) {
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    StoredDocument there = stored.get();
    if (there.changeId().equals(changeId)) {
      return Optional.of(there.outcome());
    }
    if (changedAt != null && there.changedAt().isAfter(changedAt)) {
      String reason =
          "its content is of %s, the one in the index is newer, of %s"
              .formatted(changedAt, there.changedAt());
      Outcome outcome = there.outcome();
      return Optional.of(
          new Outcome(
              Status.SUPERSEDED,
              outcome.chunks(),
              0,
              outcome.category(),
              outcome.commitSha(),
              reason));
    }
    return Optional.empty();
  }

  private Content content(IndexRequest request) throws InterruptedException {
    Content content =
        switch (request.action()) {
          case Action.Content(String text, String mediaType) -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            yield new Content(
                bytes, Hashes.of(bytes), mediaType, request.commitSha(), required(request));
          }
          case Action.File(byte[] bytes, String mediaType) ->
              new Content(
                  bytes, Hashes.of(bytes), mediaType, request.commitSha(), required(request));
          case Action.Fetch(String mediaType) -> {
            Fetched fetched =
                fetchRetryer.call(() -> source.fetch(request.document(), request.commitSha()));
            yield new Content(
                fetched.content(),
                Hashes.of(fetched.content()),
                mediaType == null ? fetched.mediaType() : mediaType,
                fetched.commitSha(),
                Objects.requireNonNullElse(request.changedAt(), fetched.committedAt()));
          }
          case Action.Remove _ -> throw new IllegalArgumentException("nothing to read");
        };
    if (content.bytes().length > maxBytes) {
      throw new DocumentRejectedException(
          "too_large: expected at most %d bytes, found %d"
              .formatted(maxBytes, content.bytes().length));
    }
    return content;
  }

  private static Instant required(IndexRequest request) {
    if (request.changedAt() == null) {
      throw new IllegalArgumentException("a content that came along has a time");
    }
    return request.changedAt();
  }

  private Optional<Outcome> refresh(
      IndexRequest request, Content content, Optional<StoredDocument> stored)
      throws InterruptedException {
    if (stored.isPresent()
        && content.hash().equals(stored.get().contentHash())
        && recipeOf(request, content).equals(stored.get().recipe())) {
      return unchanged(request, content, stored.get());
    }
    ParsedDocument parsed = parse(request, content);
    String given = request.document().title();
    String title = given == null ? parsed.title() : given;
    List<Chunk> chunks = chunker.chunk(parsed);
    String uri = request.document().uri();
    List<StoredChunk> there = retryer.call(() -> store.chunks(uri, model.space().model()));
    List<PlacedChunk> placed =
        embedder.place(chunks, there, chunk -> EmbeddedText.of(chunk, given));
    int created = (int) placed.stream().filter(chunk -> chunk.storedId() == null).count();
    DocumentState state =
        state(request, content, stored, title, Status.INDEXED, chunks.size(), created);
    return retryer.call(() -> store.replace(state, placed))
        ? Optional.of(outcome(state, stored))
        : Optional.empty();
  }

  private Optional<Outcome> unchanged(IndexRequest request, Content content, StoredDocument stored)
      throws InterruptedException {
    Optional<StoredDocument> there = Optional.of(stored);
    DocumentState state =
        state(
            request,
            content,
            there,
            request.document().title(),
            Status.UNCHANGED,
            stored.outcome().chunks(),
            0);
    return retryer.call(() -> store.touch(state))
        ? Optional.of(outcome(state, there))
        : Optional.empty();
  }

  private Optional<Outcome> remove(IndexRequest request, Optional<StoredDocument> stored)
      throws InterruptedException {
    DocumentState state =
        new DocumentState(
            stored.map(StoredDocument::revision).orElse(0L),
            request.document(),
            request.commitSha(),
            required(request),
            null,
            null,
            null,
            request.changeId(),
            Status.REMOVED,
            0,
            0);
    return retryer.call(() -> store.replace(state, List.of()))
        ? Optional.of(outcome(state, stored))
        : Optional.empty();
  }

  private String recipeOf(IndexRequest request, Content content) {
    try {
      return recipe.id(parsers.format(content.mediaType(), request.document().name()));
    } catch (UnparsableException e) {
      throw unparsable(e);
    }
  }

  private ParsedDocument parse(IndexRequest request, Content content) throws InterruptedException {
    try {
      return parsers.parse(content.bytes(), content.mediaType(), request.document().name());
    } catch (UnparsableException e) {
      throw unparsable(e);
    }
  }

  private static DocumentRejectedException unparsable(UnparsableException e) {
    return new DocumentRejectedException("unparsable: " + e.getMessage(), e);
  }

  private DocumentState state(
      IndexRequest request,
      Content content,
      Optional<StoredDocument> stored,
      @Nullable String title,
      Status status,
      int chunks,
      int created) {
    return new DocumentState(
        stored.map(StoredDocument::revision).orElse(0L),
        request.document(),
        content.commitSha(),
        content.changedAt(),
        content.hash(),
        recipeOf(request, content),
        title,
        request.changeId(),
        status,
        chunks,
        created);
  }

  /** A document keeps its category until it is given another. */
  private static Outcome outcome(DocumentState state, Optional<StoredDocument> stored) {
    String given = state.document().category();
    String category =
        given == null ? stored.map(there -> there.outcome().category()).orElse(null) : given;
    return new Outcome(
        state.status(),
        state.chunks(),
        state.embeddingsCreated(),
        category,
        state.commitSha(),
        null);
  }
}
