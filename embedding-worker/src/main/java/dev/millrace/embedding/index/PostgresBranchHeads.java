package dev.millrace.embedding.index;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;

/** Branches in the table {@code knowledge.branches}. */
public final class PostgresBranchHeads implements BranchHeads {

  /** An early push is kept for as long as GitHub delivers again, and what follows it with it. */
  private static final List<String> MOVED =
      List.of(
          """
          INSERT INTO knowledge.branches AS there
                 (repository, branch, commit_sha, changed_at, received_at)
          VALUES (:repository, :branch, :commit, :changedAt, :receivedAt)
          ON CONFLICT (repository, branch) DO UPDATE
             SET commit_sha = excluded.commit_sha,
                 changed_at = excluded.changed_at,
                 received_at = excluded.received_at
           WHERE there.changed_at < excluded.changed_at
          """,
          """
          DELETE FROM knowledge.early_pushes
           WHERE repository = :repository AND branch = :branch
             AND (before_sha = :after OR received_at < :receivedAt::timestamptz - interval '7 days')
          """,
          """
          INSERT INTO knowledge.early_pushes AS there
                 (repository, branch, before_sha, commit_sha, received_at)
          SELECT :repository, :branch, :before, :commit, :receivedAt
           WHERE :early AND NOT EXISTS (
             SELECT FROM knowledge.early_pushes
              WHERE repository = :repository AND branch = :branch AND commit_sha = :before)
          ON CONFLICT (repository, branch, before_sha) DO UPDATE
             SET commit_sha = excluded.commit_sha,
                 received_at = excluded.received_at
           WHERE there.received_at < excluded.received_at
          """,
          """
          UPDATE knowledge.early_pushes SET commit_sha = :commit
           WHERE repository = :repository AND branch = :branch AND commit_sha = :before
          """);

  private final Jdbi jdbi;

  public PostgresBranchHeads(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public Optional<Head> find(String repository, String branch) {
    return IndexDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT commit_sha, changed_at, received_at
                      FROM knowledge.branches
                     WHERE repository = :repository AND branch = :branch
                    """)
                .bind("repository", repository)
                .bind("branch", branch)
                .map((row, context) ->
                    new Head(
                        row.getString("commit_sha"),
                        row.getTimestamp("changed_at").toInstant(),
                        row.getTimestamp("received_at").toInstant()))
                .findOne()));
  }

  @Override
  public Optional<String> overtaken(String repository, String branch, String commit) {
    return IndexDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT commit_sha
                      FROM knowledge.early_pushes
                     WHERE repository = :repository AND branch = :branch AND before_sha = :commit
                    """)
                .bind("repository", repository)
                .bind("branch", branch)
                .bind("commit", commit)
                .mapTo(String.class)
                .findOne()));
  }

  @Override
  public void moved(String repository, String branch, Move move) {
    int _ =
        IndexDatabase.call(() ->
            jdbi.inTransaction(handle -> {
              handle.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
              MOVED.forEach(statement ->
                  handle
                      .createUpdate(statement)
                      .bind("repository", repository)
                      .bind("branch", branch)
                      .bind("before", move.before())
                      .bind("after", move.after())
                      .bind("early", move.isEarly())
                      .bind("commit", move.head().commit())
                      .bind("changedAt", PostgresDocumentStore.timestamp(move.head().changedAt()))
                      .bind("receivedAt", PostgresDocumentStore.timestamp(move.head().receivedAt()))
                      .execute());
              return MOVED.size();
            }));
  }
}
