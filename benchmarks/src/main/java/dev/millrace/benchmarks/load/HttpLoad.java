package dev.millrace.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Sends requests over a fixed number of connections, each as fast as it is answered, for a fixed
 * time.
 */
public final class HttpLoad {

  private static final long MAX_LATENCY_MICROS = 60_000_000;

  private HttpLoad() {}

  /**
   * What a load found.
   *
   * @param answered requests answered with 2xx
   * @param refused requests answered with another status
   * @param perSecond answered requests a second
   * @param latencies of the answered requests, in microseconds
   */
  public record Result(long answered, long refused, double perSecond, Histogram latencies) {}

  /**
   * Sends to a port of this machine.
   *
   * @param requests makes the next request, as bytes; called from all connections
   */
  public static Result run(int port, int connections, Duration duration, RequestSource requests)
      throws InterruptedException {
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    Histogram latencies = new Histogram(MAX_LATENCY_MICROS, 3);
    long refused = 0;
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<Part>> parts = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        parts.add(threads.submit(() -> one(port, end, requests)));
      }
      for (Future<Part> part : parts) {
        latencies.add(part.get().latencies());
        refused += part.get().refused();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a connection failed: " + e.getCause(), e.getCause());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long answered = latencies.getTotalCount();
    return new Result(answered, refused, answered / seconds, latencies);
  }

  /** Makes requests. */
  @FunctionalInterface
  public interface RequestSource {
    byte[] next();
  }

  private record Part(Histogram latencies, long refused) {}

  private static Part one(int port, long end, RequestSource requests) throws IOException {
    Histogram latencies = new Histogram(MAX_LATENCY_MICROS, 3);
    long refused = 0;
    try (HttpConnection connection = new HttpConnection(port)) {
      while (System.nanoTime() < end) {
        byte[] request = requests.next();
        long sent = System.nanoTime();
        int status = connection.exchange(request);
        if (status / 100 == 2) {
          latencies.recordValue(Math.min(MAX_LATENCY_MICROS, (System.nanoTime() - sent) / 1_000));
        } else {
          refused++;
        }
      }
    }
    return new Part(latencies, refused);
  }
}
