package dev.millrace.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what a read model says about one thing, as server-sent events: from the beginning, or
 * after the {@code Last-Event-ID} that a client brings, and on as rows come, to the end.
 *
 * <p>Rows are asked for again and again, more often while some come: a client that is slow holds up
 * nobody, and any instance can go on where another left off.
 */
public final class RowStreams {

  private static final Logger log = LoggerFactory.getLogger(RowStreams.class);
  private static final Duration BUSY = Duration.ofMillis(100);
  private static final Duration IDLE = Duration.ofMillis(300);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** How often nothing must come after the end until the end is believed. */
  private static final int QUIET_ROUNDS = 3;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final String COMMENT = ": still here\n\n";
  private static final String END = "event: end\ndata: {}\n\n";

  private final int maxClients;
  private final Semaphore clients;
  private final CountDownLatch closed = new CountDownLatch(1);

  public RowStreams(StreamConfig config) {
    this.maxClients = config.maxClients();
    this.clients = new Semaphore(config.maxClients());
  }

  /**
   * A row on its way to a client.
   *
   * @param id number that grows from row to row
   * @param name name of the server-sent event
   * @param json one line of JSON
   */
  public record Row(long id, String name, String json) {

    private String frame() {
      return "id: " + id + "\nevent: " + name + "\ndata: " + json + "\n\n";
    }
  }

  /**
   * The rows after a number, in order, and whether more may come.
   *
   * @param ended whether what is followed was over before the rows were read
   */
  public record Batch(List<Row> rows, boolean ended) {}

  /** What is followed. */
  @FunctionalInterface
  public interface Source {

    /**
     * Reads on.
     *
     * @param id number of the last row that the client has; -1 for none
     */
    Batch after(long id);
  }

  /**
   * Follows a source.
   *
   * @throws ProblemException 400 if {@code Last-Event-ID} is not one of ours, 503 if there are as
   *     many clients as may be
   */
  public Reply follow(Call call, Source source) {
    long last = lastEventId(call);
    if (closed.getCount() == 0 || !clients.tryAcquire()) {
      throw ProblemException.overloaded("expected at most " + maxClients + " streams of this kind");
    }
    return Reply.Stream.ofEvents(out -> write(out, source, last), clients::release);
  }

  /** Whether a caller asks for server-sent events. */
  public static boolean wanted(Call call) {
    return call.header("Accept").filter(accept -> accept.contains("text/event-stream")).isPresent();
  }

  private static long lastEventId(Call call) {
    String text = call.header("Last-Event-ID").or(() -> call.query("lastEventId")).orElse("");
    if (text.isBlank()) {
      return -1;
    }
    if (!NUMBER.matcher(text.strip()).matches()) {
      throw ProblemException.invalid("Last-Event-ID", "expected the id of an event of this stream");
    }
    return Long.parseLong(text.strip());
  }

  private void write(OutputStream out, Source source, long after)
      throws IOException, InterruptedException {
    long last = after;
    int quiet = 0;
    boolean ended;
    long lastWrite = System.nanoTime();
    send(out, COMMENT);
    do {
      Batch batch = read(source, last);
      for (Row row : batch.rows()) {
        out.write(row.frame().getBytes(UTF_8));
        last = row.id();
      }
      boolean idle = batch.rows().isEmpty();
      quiet = idle && batch.ended() ? quiet + 1 : 0;
      if (quiet >= QUIET_ROUNDS) {
        send(out, END);
        return;
      }
      if (!idle) {
        out.flush();
        lastWrite = System.nanoTime();
      } else if (System.nanoTime() - lastWrite > HEARTBEAT.toNanos()) {
        send(out, COMMENT);
        lastWrite = System.nanoTime();
      }
      Duration pause = idle ? IDLE : BUSY;
      ended = closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } while (!ended);
  }

  /** Reads on; while the read model is away nothing comes. */
  private static Batch read(Source source, long last) {
    try {
      return source.after(last);
    } catch (ProblemException e) {
      log.atInfo().addKeyValue("reason", e.getMessage()).log("a stream waits for its read model");
      return new Batch(List.of(), false);
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  /** Ends all streams, and begins none any more. */
  public void close() {
    closed.countDown();
  }
}
