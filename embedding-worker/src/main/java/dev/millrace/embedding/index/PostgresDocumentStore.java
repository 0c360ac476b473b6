package dev.millrace.embedding.index;

import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.schemas.document.DocumentChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Documents and their chunks in the Postgres schema {@code knowledge}. */
public final class PostgresDocumentStore implements DocumentStore {

  private final Jdbi jdbi;
  private final ChunkRows rows;
  private final Set<String> others;

  /**
   * @param space the space of the vectors that are written
   */
  public PostgresDocumentStore(Jdbi jdbi, VectorSpace space) {
    this(jdbi, space, Set.of());
  }

  /**
   * @param space the space of the vectors that are written
   * @param others models whose vectors are kept beside these; those of any further model go when
   *     their document changes
   */
  public PostgresDocumentStore(Jdbi jdbi, VectorSpace space, Set<String> others) {
    this.jdbi = jdbi;
    this.rows = new ChunkRows(space);
    this.others = Set.copyOf(others);
  }

  @Override
  public Optional<StoredDocument> find(String uri) {
    return IndexDatabase.call(() ->
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
    return IndexDatabase.call(() ->
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
    return IndexDatabase.call(() ->
        jdbi.inTransaction(handle -> {
          if (!lock(handle, state.document().uri(), state.expectedRevision())) {
            return false;
          }
          save(handle, state);
          String uri = state.document().uri();
          boolean removed = state.status() == Status.REMOVED;
          ChunkRows.deleteOthers(handle, uri, chunks, removed ? Set.of() : others);
          ChunkRows.move(handle, uri, chunks);
          rows.insert(handle, uri, chunks);
          return true;
        }));
  }

  @Override
  public boolean touch(DocumentState state) {
    return IndexDatabase.call(() ->
        jdbi.inTransaction(handle -> {
          if (!lock(handle, state.document().uri(), state.expectedRevision())) {
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
    IndexDatabase.call(() -> {
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
  static boolean lock(Handle handle, String uri, long expectedRevision) {
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
    return revision == expectedRevision;
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

  static Timestamp timestamp(Instant instant) {
    return Timestamp.from(instant);
  }
}
