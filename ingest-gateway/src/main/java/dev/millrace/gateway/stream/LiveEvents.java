package dev.millrace.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.http.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every event to every client of a live stream that wants its channel. A client has a buffer
 * of its own; one that lets it fill is disconnected, and slows down nobody.
 */
public final class LiveEvents {

  private static final Logger log = LoggerFactory.getLogger(LiveEvents.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final byte[] COMMENT = ": still here\n\n".getBytes(UTF_8);

  private final StreamConfig config;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public LiveEvents(StreamConfig config) {
    this.config = config;
  }

  /** Whether anybody listens. */
  public boolean isWatched() {
    return !clients.isEmpty();
  }

  /** How many clients asked for this channel. */
  public long followers(String channel) {
    return clients.stream().filter(client -> client.channels.contains(channel)).count();
  }

  /** Hands an event to the clients that want it. */
  public void publish(LiveEvent event) {
    for (Client client : clients) {
      client.offer(event);
    }
  }

  /**
   * Lets a client in.
   *
   * @param channels what it wants; everything when empty
   * @throws ProblemException 503 if there are as many as may be
   */
  public Client connect(Set<String> channels) {
    if (closed || clients.size() >= config.maxClients()) {
      throw ProblemException.overloaded(
          "expected at most " + config.maxClients() + " clients of the live stream");
    }
    Client client = new Client(channels);
    clients.add(client);
    return client;
  }

  /** Disconnects everybody, and lets nobody in any more. */
  public void close() {
    closed = true;
    clients.forEach(Client::disconnect);
  }

  /** How events reach a client. */
  interface Receiver {

    /**
     * Takes an event.
     *
     * @param last whether no other waits behind it
     */
    void take(LiveEvent event, boolean last) throws IOException;

    /** Shows that the stream goes on, as nothing has come for a while. */
    void silence() throws IOException;
  }

  /** A client of the live stream. */
  public final class Client {

    private final Set<String> channels;
    private final BlockingQueue<LiveEvent> buffer =
        new ArrayBlockingQueue<>(config.bufferedEvents());
    private volatile boolean connected = true;

    private Client(Set<String> channels) {
      this.channels = Set.copyOf(channels);
    }

    private void offer(LiveEvent event) {
      if (connected && wants(event) && !buffer.offer(event)) {
        log.atInfo().addKeyValue("buffered", config.bufferedEvents()).log("client is too slow");
        disconnect();
      }
    }

    private boolean wants(LiveEvent event) {
      return channels.isEmpty() || channels.contains(event.channel());
    }

    /** Writes events as they come, until the client is disconnected or gone. */
    public void write(OutputStream out) throws IOException, InterruptedException {
      out.write(COMMENT);
      out.flush();
      hand(
          new Receiver() {
            @Override
            public void take(LiveEvent event, boolean last) throws IOException {
              out.write(event.frame().getBytes(UTF_8));
              if (last) {
                out.flush();
              }
            }

            @Override
            public void silence() throws IOException {
              out.write(COMMENT);
              out.flush();
            }
          });
    }

    /** Hands events on as they come, until the client is disconnected or gone. */
    void hand(Receiver receiver) throws IOException, InterruptedException {
      long lastWrite = System.nanoTime();
      while (connected) {
        LiveEvent event = buffer.poll(1, TimeUnit.SECONDS);
        if (event != null) {
          receiver.take(event, buffer.isEmpty());
        } else if (System.nanoTime() - lastWrite > HEARTBEAT.toNanos()) {
          receiver.silence();
        } else {
          continue;
        }
        lastWrite = System.nanoTime();
      }
    }

    /** Ends the stream. */
    public void disconnect() {
      connected = false;
      clients.remove(this);
    }
  }
}
