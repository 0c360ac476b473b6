package dev.millrace.audit.replay;

import dev.millrace.audit.replay.RecordSource.Batch;
import dev.millrace.audit.stored.StoredRecord;
import dev.millrace.schemas.replay.ReplayRequest;
import dev.millrace.schemas.replay.ReplayTarget;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One replay from where it is to its end. After each batch it says how far it is. Interrupted
 * between the two, it goes on from what Kafka has kept with the batch, so that no record is written
 * twice; a file is cut off where it was reported complete.
 */
final class ReplayRun {

  /** Records that are written before the replay says how far it is, at most. */
  static final int BATCH_RECORDS = 500;

  private static final int SAMPLE_RECORDS = 5;

  private final ReplayStore store;
  private final RecordSource source;
  private final RecordTarget target;
  private final BooleanSupplier isStopped;
  private final Pace pace;
  private final ReplayRequest request;
  private ReplayJob job;

  /** What became of it. */
  enum End {
    COMPLETED,
    /** Somebody cancelled it, or another sink has it now. */
    TAKEN_AWAY,
    /** This sink stops. */
    INTERRUPTED
  }

  ReplayRun(
      ReplayStore store,
      ReplayJob job,
      RecordSource source,
      RecordTarget target,
      BooleanSupplier isStopped) {
    this.store = store;
    this.job = job;
    this.request = job.request();
    this.source = source;
    this.target = target;
    this.isStopped = isStopped;
    this.pace =
        new Pace(Objects.requireNonNullElse(request.getRecordsPerSecond(), 0), System.nanoTime());
  }

  /**
   * Runs it.
   *
   * @param file its file below the directory of the sink, if it writes one
   */
  End run(Optional<String> file) throws SQLException, IOException, InterruptedException {
    Position position = job.position();
    if (position == null) {
      Plan plan = source.plan();
      if (!store.planned(job.id(), plan, file)) {
        return End.TAKEN_AWAY;
      }
      position = plan.position();
      if (plan.isExact() && request.getTarget() == ReplayTarget.NOWHERE) {
        return sampleOf(plan);
      }
    }
    while (!position.isAtEnd() && left() > 0) {
      if (isStopped.getAsBoolean()) {
        return End.INTERRUPTED;
      }
      Batch batch = source.read(position, pace.batch(BATCH_RECORDS));
      position = batch.next();
      if (!step(batch, position)) {
        return End.TAKEN_AWAY;
      }
    }
    return End.COMPLETED;
  }

  /** The mirror can count without reading: a few records are read to show them. */
  private End sampleOf(Plan plan) throws SQLException {
    Batch batch = source.read(plan.position(), SAMPLE_RECORDS);
    job = progress(Math.min(plan.total(), left()), 0);
    return store.progressed(job, Position.of(Map.of()), plan.total(), sample(batch.found()))
        ? End.COMPLETED
        : End.TAKEN_AWAY;
  }

  private boolean step(Batch batch, Position position) throws IOException, InterruptedException {
    List<StoredRecord> found =
        batch.found().subList(0, (int) Math.min(batch.found().size(), left()));
    boolean isDry = request.getTarget() == ReplayTarget.NOWHERE;
    long matched = job.matched() + found.size();
    long written = isDry ? 0 : job.written() + found.size();
    target.write(found, new ReplayProgress(position, matched, written));
    job = progress(matched, written);
    boolean isOurs = store.progressed(job, position, batch.seen(), sample(found));
    Thread.sleep(pace.after(found.size(), System.nanoTime()));
    return isOurs;
  }

  private ReplayJob progress(long matched, long written) {
    return new ReplayJob(job.id(), request, job.position(), matched, written, target.fileBytes());
  }

  private long left() {
    Long most = request.getMaxRecords();
    return most == null ? Long.MAX_VALUE : most - job.matched();
  }

  private static String sample(List<StoredRecord> found) {
    return RecordJson.sample(found.subList(0, Math.min(found.size(), SAMPLE_RECORDS)));
  }
}
