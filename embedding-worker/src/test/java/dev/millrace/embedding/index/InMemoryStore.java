package dev.millrace.embedding.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps documents as Postgres does, and can be away. */
final class InMemoryStore implements DocumentStore {

  private record Row(StoredChunk chunk, String content) {}

  private final Map<String, StoredDocument> documents = new HashMap<>();
  private final Map<String, List<Row>> rows = new HashMap<>();
  private long lastId;

  /** Calls that fail from now on. */
  int failures;

  List<String> contents(String uri) {
    return rows.getOrDefault(uri, List.of()).stream().map(Row::content).toList();
  }

  @Override
  public Optional<StoredDocument> find(String uri) {
    if (failures > 0) {
      failures--;
      throw new UnavailableException("away", null, new IOException("away"));
    }
    return Optional.ofNullable(documents.get(uri));
  }

  @Override
  public List<StoredChunk> chunks(String uri, String model) {
    return rows.getOrDefault(uri, List.of()).stream().map(Row::chunk).toList();
  }

  @Override
  public boolean replace(DocumentState state, List<PlacedChunk> chunks) {
    if (!save(state)) {
      return false;
    }
    List<Row> placed = new ArrayList<>();
    for (PlacedChunk chunk : chunks) {
      Long stored = chunk.storedId();
      long id = stored == null ? ++lastId : stored;
      placed.add(new Row(new StoredChunk(id, chunk.hash()), chunk.chunk().content()));
    }
    rows.put(state.document().uri(), placed);
    return true;
  }

  @Override
  public boolean touch(DocumentState state) {
    return save(state);
  }

  private boolean save(DocumentState state) {
    String uri = state.document().uri();
    StoredDocument before = documents.get(uri);
    long revision = before == null ? 0 : before.revision();
    if (revision != state.expectedRevision()) {
      return false;
    }
    Outcome outcome =
        new Outcome(
            state.status(),
            state.chunks(),
            state.embeddingsCreated(),
            state.document().category(),
            state.commitSha(),
            null);
    documents.put(
        uri,
        new StoredDocument(
            revision + 1,
            state.changedAt(),
            state.contentHash(),
            state.recipe(),
            state.changeId(),
            outcome));
    return true;
  }
}
