package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.embedding.index.PlacedChunk.Vector;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.schemas.document.DocumentChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Documents and their chunks in the Postgres schema {@code knowledge}. */
public final class PostgresDocumentStore implements DocumentStore {

  /** Rows that are sent to Postgres at once. */
  private static final int BATCH_SIZE = 500;

  private final Jdbi jdbi;
  private final VectorSpace space;

  /**
   * @param space the space of the vectors that are written
   */
  public PostgresDocumentStore(Jdbi jdbi, VectorSpace space) {
    this.jdbi = jdbi;
    this.space = space;
  }

  @Override
  public Optional<StoredDocument> find(String uri) {
    return PostgresAway.reached(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT revision, changed_at, content_hash, recipe, change_id, status,
                           chunk_count, embeddings_created, category, commit_sha
                      FROM knowledge.documents
                     WHERE uri = :uri
                    """)
                .bind("uri", uri)
                .map((row, context) -> document(row))
                .findOne()));
  }

  private static StoredDocument document(ResultSet row) throws SQLException {
    Outcome outcome =
        new Outcome(
            Status.valueOf(row.getString("status")),
            row.getInt("chunk_count"),
            row.getInt("embeddings_created"),
            row.getString("category"),
            row.getString("commit_sha"),
            null);
    return new StoredDocument(
        row.getLong("revision"),
        row.getTimestamp("changed_at").toInstant(),
        row.getString("content_hash"),
        row.getString("recipe"),
        row.getString("change_id"),
        outcome);
  }

  @Override
  public List<StoredChunk> chunks(String uri, String model) {
    return PostgresAway.reached(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT id, content_hash
                      FROM knowledge.embeddings
                     WHERE document_uri = :uri AND model = :model
                     ORDER BY chunk_index
                    """)
                .bind("uri", uri)
                .bind("model", model)
                .map((row, context) ->
                    new StoredChunk(row.getLong("id"), row.getString("content_hash")))
                .list()));
  }

  @Override
  public boolean replace(DocumentState state, List<PlacedChunk> chunks) {
    return PostgresAway.reached(() ->
        jdbi.inTransaction(handle -> {
          if (!lock(handle, state)) {
            return false;
          }
          save(handle, state);
          deleteOthers(handle, state, chunks);
          move(handle, state, chunks);
          insert(handle, state, chunks);
          return true;
        }));
  }

  @Override
  public boolean touch(DocumentState state) {
    return PostgresAway.reached(() ->
        jdbi.inTransaction(handle -> {
          if (!lock(handle, state)) {
            return false;
          }
          save(handle, state);
          handle
              .createUpdate(
                  """
                  UPDATE knowledge.embeddings chunk
                     SET category = document.category, title = document.title
                    FROM knowledge.documents document
                   WHERE document.uri = :uri
                     AND chunk.document_uri = document.uri
                     AND (chunk.category, chunk.title)
                         IS DISTINCT FROM (document.category, document.title)
                  """)
              .bind("uri", state.document().uri())
              .execute();
          return true;
        }));
  }

  /** Notes that documents have a newer content than the index; those it does not know are new. */
  public void noteNewer(List<DocumentChange> changes) {
    PostgresAway.reached(() -> {
      jdbi.useHandle(handle -> {
        PreparedBatch batch =
            handle.prepareBatch(
                """
                UPDATE knowledge.documents
                   SET newest_commit_sha = :commit, newest_change_at = :at
                 WHERE uri = :uri
                   AND status <> 'REMOVED'
                   AND coalesce(newest_change_at, changed_at) < :at
                """);
        for (DocumentChange change : changes) {
          if (change.getCommittedAt() != null) {
            batch
                .bind("uri", change.getDocumentUri())
                .bind("commit", change.getCommitSha())
                .bind("at", timestamp(change.getCommittedAt()))
                .add();
          }
        }
        batch.execute();
      });
      return true;
    });
  }

  /** Makes others wait who write the same document, and looks whether one has. */
  private static boolean lock(Handle handle, DocumentState state) {
    String uri = state.document().uri();
    handle
        .createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:uri, 0)) IS NULL")
        .bind("uri", uri)
        .mapTo(Boolean.class)
        .one();
    long revision =
        handle
            .createQuery("SELECT revision FROM knowledge.documents WHERE uri = :uri")
            .bind("uri", uri)
            .mapTo(Long.class)
            .findOne()
            .orElse(0L);
    return revision == state.expectedRevision();
  }

  private static void save(Handle handle, DocumentState state) {
    DocumentRef document = state.document();
    handle
        .createUpdate(
            """
            INSERT INTO knowledge.documents AS known
                   (uri, revision, category, repository, file_path, branch, tenant, title,
                    commit_sha, changed_at, content_hash, recipe, change_id, status, chunk_count,
                    embeddings_created, indexed_at, newest_commit_sha, newest_change_at)
            VALUES (:uri, 1, :category, :repository, :filePath, :branch, :tenant, :title,
                    :commitSha, :changedAt, :contentHash, :recipe, :changeId, :status, :chunks,
                    :created, now(), :commitSha, :changedAt)
            ON CONFLICT (uri) DO UPDATE
               SET revision = known.revision + 1,
                   category = coalesce(excluded.category, known.category),
                   repository = coalesce(excluded.repository, known.repository),
                   file_path = coalesce(excluded.file_path, known.file_path),
                   branch = coalesce(excluded.branch, known.branch),
                   tenant = coalesce(excluded.tenant, known.tenant),
                   title = coalesce(excluded.title, known.title),
                   commit_sha = excluded.commit_sha,
                   changed_at = excluded.changed_at,
                   content_hash = excluded.content_hash,
                   recipe = excluded.recipe,
                   change_id = excluded.change_id,
                   status = excluded.status,
                   chunk_count = excluded.chunk_count,
                   embeddings_created = excluded.embeddings_created,
                   indexed_at = excluded.indexed_at,
                   newest_commit_sha =
                     CASE WHEN known.newest_change_at > excluded.changed_at
                          THEN known.newest_commit_sha ELSE excluded.commit_sha END,
                   newest_change_at = greatest(known.newest_change_at, excluded.changed_at)
            """)
        .bind("uri", document.uri())
        .bind("category", document.category())
        .bind("repository", document.repository())
        .bind("filePath", document.filePath())
        .bind("branch", document.branch())
        .bind("tenant", document.tenant())
        .bind("title", state.title())
        .bind("commitSha", state.commitSha())
        .bind("changedAt", timestamp(state.changedAt()))
        .bind("contentHash", state.contentHash())
        .bind("recipe", state.recipe())
        .bind("changeId", state.changeId())
        .bind("status", state.status().name())
        .bind("chunks", state.chunks())
        .bind("created", state.embeddingsCreated())
        .execute();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.from(instant);
  }

  private static void deleteOthers(Handle handle, DocumentState state, List<PlacedChunk> chunks) {
    Long[] kept =
        chunks.stream().map(PlacedChunk::storedId).filter(Objects::nonNull).toArray(Long[]::new);
    handle
        .createUpdate(
            "DELETE FROM knowledge.embeddings WHERE document_uri = :uri AND id <> ALL (:kept)")
        .bind("uri", state.document().uri())
        .bindArray("kept", Long.class, (Object[]) kept)
        .execute();
  }

  /** Puts chunks that keep their vector in their new place; those that did not move stay as is. */
  private static void move(Handle handle, DocumentState state, List<PlacedChunk> chunks) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE knowledge.embeddings chunk
               SET chunk_index = :index, content = :content, heading_path = :headings,
                   start_line = :startLine, end_line = :endLine,
                   start_char = :startChar, end_char = :endChar, page = :page,
                   category = document.category,
                   title = document.title
              FROM knowledge.documents document
             WHERE chunk.id = :id
               AND document.uri = :uri
               AND (chunk.chunk_index, chunk.content, chunk.heading_path, chunk.start_line,
                    chunk.end_line, chunk.start_char, chunk.end_char, chunk.page, chunk.category,
                    chunk.title)
                   IS DISTINCT FROM
                   (:index, :content, CAST(:headings AS text[]), :startLine, :endLine,
                    :startChar, :endChar, CAST(:page AS integer), document.category, document.title)
            """);
    for (PlacedChunk placed : chunks) {
      if (placed.vector() instanceof Vector.Stored(long id)) {
        bind(batch, state, placed.chunk()).bind("id", id).add();
        executeWhenFull(batch);
      }
    }
    batch.execute();
  }

  private void insert(Handle handle, DocumentState state, List<PlacedChunk> chunks) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO knowledge.embeddings
                   (document_uri, title, category, repository, chunk_index, content, content_hash,
                    heading_path, start_line, end_line, start_char, end_char, page, model,
                    dimensions, embedding)
            SELECT document.uri, document.title, document.category, document.repository, :index, :content, :hash,
                   :headings, :startLine, :endLine, :startChar, :endChar, :page, :model,
                   :dimensions, CAST(:vector AS vector)
              FROM knowledge.documents document
             WHERE document.uri = :uri
            """);
    for (PlacedChunk placed : chunks) {
      if (placed.vector() instanceof Vector.Created(float[] values)) {
        bind(batch, state, placed.chunk())
            .bind("hash", placed.hash())
            .bind("model", space.model())
            .bind("dimensions", space.dimensions())
            .bind("vector", space.text(values))
            .add();
        executeWhenFull(batch);
      }
    }
    batch.execute();
  }

  private static void executeWhenFull(PreparedBatch batch) {
    if (batch.size() >= BATCH_SIZE) {
      batch.execute();
    }
  }

  private static PreparedBatch bind(PreparedBatch batch, DocumentState state, Chunk chunk) {
    return batch
        .bind("uri", state.document().uri())
        .bind("index", chunk.index())
        .bind("content", chunk.content())
        .bindArray("headings", String.class, chunk.headingPath())
        .bind("startLine", chunk.startLine())
        .bind("endLine", chunk.endLine())
        .bind("startChar", chunk.startChar())
        .bind("endChar", chunk.endChar())
        .bind("page", chunk.page());
  }
}
