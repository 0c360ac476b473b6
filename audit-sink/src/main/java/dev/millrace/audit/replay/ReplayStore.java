package dev.millrace.audit.replay;

import dev.millrace.schemas.replay.ReplayCommand;
import dev.millrace.schemas.replay.ReplayRequest;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Replays in Postgres. A sink holds a replay it runs for the length of a lease, which every report
 * of progress and a {@link LeaseWatch} renew; when it dies, another goes on from the last report.
 */
final class ReplayStore {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final String INSERT =
      """
      INSERT INTO audit.replays (
        id, status, request, reason, requested_by, requested_at, trace_id)
      VALUES (:id, 'pending', :request::jsonb, :reason, :by, :at, :trace)
      ON CONFLICT (id) DO NOTHING\
      """;

  private static final String CANCEL =
      """
      UPDATE audit.replays SET status = 'cancelled', finished_at = now(), owner = NULL
      WHERE id = :id AND status IN ('pending', 'running')\
      """;

  private static final String CLAIM =
      """
      UPDATE audit.replays SET
        status = 'running', owner = :owner, started_at = coalesce(started_at, now()),
        lease_until = now() + make_interval(secs => :lease)
      WHERE id = (
        SELECT id FROM audit.replays
        WHERE status = 'pending' OR status = 'running' AND lease_until < now()
        ORDER BY requested_at
        LIMIT 1
        FOR UPDATE SKIP LOCKED)
      RETURNING id, request, position, matched, written, file_bytes\
      """;

  private static final String PLANNED =
      """
      UPDATE audit.replays SET
        total = :total, redacted = :redacted, position = :position::jsonb, file = :file,
        lease_until = now() + make_interval(secs => :lease)
      WHERE id = :id AND owner = :owner AND status = 'running'\
      """;

  private static final String PROGRESS =
      """
      UPDATE audit.replays SET
        position = :position::jsonb, seen = seen + :seen, matched = :matched, written = :written,
        file_bytes = :fileBytes,
        sample = CASE WHEN jsonb_array_length(sample) = 0 THEN :sample::jsonb ELSE sample END,
        lease_until = now() + make_interval(secs => :lease)
      WHERE id = :id AND owner = :owner AND status = 'running'\
      """;

  private static final String END =
      """
      UPDATE audit.replays SET
        status = :status, error = :error, finished_at = now(), owner = NULL, lease_until = NULL
      WHERE id = :id AND owner = :owner AND status = 'running'\
      """;

  private static final String RENEW =
      """
      UPDATE audit.replays SET lease_until = now() + make_interval(secs => :lease)
      WHERE id = :id AND owner = :owner AND status = 'running'\
      """;

  private static final String RELEASE =
      "UPDATE audit.replays SET lease_until = now() + make_interval(secs => :secs) WHERE id = :id"
          + " AND owner = :owner AND status = 'running'";

  private final Jdbi jdbi;
  private final String owner;

  /**
   * @param owner name of this sink, different from that of every other
   */
  ReplayStore(Jdbi jdbi, String owner) {
    this.jdbi = jdbi;
    this.owner = owner;
  }

  /** Puts a replay on record; one that is there already stays as it is. */
  void add(ReplayCommand command, ReplayRequest request, String traceId) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(INSERT)
            .bind("id", command.getReplayId())
            .bind("request", RequestJson.write(request))
            .bind("reason", command.getReason())
            .bind("by", command.getRequestedBy())
            .bind("at", command.getRequestedAt())
            .bind("trace", traceId)
            .execute());
  }

  /** Ends a replay that is not at its end. */
  void cancel(String id) {
    jdbi.useHandle(handle -> handle.createUpdate(CANCEL).bind("id", id).execute());
  }

  /** The next replay that waits, or that its sink has left. */
  Optional<ReplayJob> claim() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(CLAIM)
            .bind("owner", owner)
            .bind("lease", LEASE.toSeconds())
            .map((row, context) -> {
              String position = row.getString("position");
              return new ReplayJob(
                  row.getString("id"),
                  RequestJson.read(row.getString("request")),
                  position == null ? null : Position.parse(position),
                  row.getLong("matched"),
                  row.getLong("written"),
                  row.getLong("file_bytes"));
            })
            .findOne());
  }

  /** Keeps what a replay is going to do; false when it is not this sink's any more. */
  boolean planned(String id, Plan plan, Optional<String> file) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(PLANNED)
            .bind("id", id)
            .bind("owner", owner)
            .bind("total", plan.total())
            .bind("redacted", plan.redacted())
            .bind("position", plan.position().json())
            .bind("file", file)
            .bind("lease", LEASE.toSeconds())
            .execute())
        > 0;
  }

  /**
   * Keeps how far a replay is.
   *
   * @param seen records looked at since the last report
   * @param sample JSON array of the first records that match, kept of the first report that has any
   * @return false when it was cancelled, or is not this sink's any more
   */
  boolean progressed(ReplayJob job, Position position, long seen, String sample) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(PROGRESS)
            .bind("id", job.id())
            .bind("owner", owner)
            .bind("position", position.json())
            .bind("seen", seen)
            .bind("matched", job.matched())
            .bind("written", job.written())
            .bind("fileBytes", job.fileBytes())
            .bind("sample", sample)
            .bind("lease", LEASE.toSeconds())
            .execute())
        > 0;
  }

  /** Holds a replay for the length of a lease; false when it is not this sink's any more. */
  boolean renew(String id) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(RENEW)
            .bind("id", id)
            .bind("owner", owner)
            .bind("lease", LEASE.toSeconds())
            .execute())
        > 0;
  }

  void completed(String id) {
    end(id, "completed", Optional.empty());
  }

  void failed(String id, String reason) {
    end(id, "failed", Optional.of(reason));
  }

  private void end(String id, String status, Optional<String> error) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(END)
            .bind("id", id)
            .bind("owner", owner)
            .bind("status", status)
            .bind("error", error)
            .execute());
  }

  /** Lets this or another sink go on with a replay after a while. */
  void release(String id, Duration after) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(RELEASE)
            .bind("id", id)
            .bind("owner", owner)
            .bind("secs", after.toSeconds())
            .execute());
  }
}
