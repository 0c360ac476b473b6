package dev.millrace.embedding.index;

import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Branches in the table {@code knowledge.branches}. */
public final class PostgresBranchHeads implements BranchHeads {

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
  public void moved(String repository, String branch, Head head) {
    int _ =
        IndexDatabase.call(() ->
            jdbi.withHandle(handle ->
                handle
                    .createUpdate(
                        """
                        INSERT INTO knowledge.branches AS there
                               (repository, branch, commit_sha, changed_at, received_at)
                        VALUES (:repository, :branch, :commit, :changedAt, :receivedAt)
                        ON CONFLICT (repository, branch) DO UPDATE
                           SET commit_sha = excluded.commit_sha,
                               changed_at = excluded.changed_at,
                               received_at = excluded.received_at
                         WHERE there.changed_at < excluded.changed_at
                        """)
                    .bind("repository", repository)
                    .bind("branch", branch)
                    .bind("commit", head.commit())
                    .bind("changedAt", PostgresDocumentStore.timestamp(head.changedAt()))
                    .bind("receivedAt", PostgresDocumentStore.timestamp(head.receivedAt()))
                    .execute()));
  }
}
