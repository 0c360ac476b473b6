package dev.millrace.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client of a gateway. It is used by many threads at once; calls block. Whatever goes wrong is a
 * {@link MillraceException}.
 *
 * <pre>{@code
 * var millrace = MillraceClient.at(URI.create("http://127.0.0.1:8080")).apiKey(key).build();
 * var task = millrace.tasks().submit(NewTask.of("analysis", "What are share groups good for?"));
 * millrace.tasks().awaitEnd(task.taskId(), Duration.ofMinutes(5));
 * }</pre>
 */
public final class MillraceClient {

  private final Transport transport;

  private MillraceClient(Transport transport) {
    this.transport = transport;
  }

  /** Begins a client of the gateway at this address. */
  public static Builder at(URI gateway) {
    return new Builder(gateway);
  }

  /** Tasks: ask for one, look at it, operate it. */
  public Tasks tasks() {
    return new Tasks(transport);
  }

  /** Queues: what waits, how they are set. */
  public Queues queues() {
    return new Queues(transport);
  }

  /** Runs of agents, and their logs. */
  public Agents agents() {
    return new Agents(transport);
  }

  /** Events: recorded ones, live ones, and own ones. */
  public Events events() {
    return new Events(transport);
  }

  /** Repositories and pull requests, through the gateway's GitHub account. */
  public Github github() {
    return new Github(transport);
  }

  /** The knowledge base. */
  public Knowledge knowledge() {
    return new Knowledge(transport);
  }

  /** The learning loop; needs the token of a learner. */
  public Learning learning() {
    return new Learning(transport);
  }

  /** Replays of records. */
  public Replays replays() {
    return new Replays(transport);
  }

  /** What could not be processed. */
  public DeadLetters deadLetters() {
    return new DeadLetters(transport);
  }

  /** The gateway itself, and the projects that are watched. */
  public Health health() {
    return new Health(transport);
  }

  /** What a client needs to know. */
  public static final class Builder {

    private final URI gateway;
    private @Nullable String apiKey;
    private @Nullable String token;
    private @Nullable String traceparent;
    private Duration timeout = Duration.ofSeconds(60);
    private int retries = 3;
    private Duration longestWait = Duration.ofSeconds(30);

    private Builder(URI gateway) {
      this.gateway = gateway;
    }

    /** The key of a client, which goes out as {@code X-API-Key}. */
    public Builder apiKey(String key) {
      apiKey = key;
      return this;
    }

    /** The token of a user, which goes out as {@code Authorization: Bearer}. */
    public Builder token(String userToken) {
      token = userToken;
      return this;
    }

    /**
     * The trace that all calls belong to, and everything that follows from them; each has one of
     * its own unless set.
     *
     * @param parent as of W3C Trace Context: {@code 00-<trace id>-<span id>-01}
     */
    public Builder traceparent(String parent) {
      traceparent = parent;
      return this;
    }

    /** How long one request may take; 60 seconds unless set. Streams have no limit. */
    public Builder timeout(Duration longest) {
      timeout = longest;
      return this;
    }

    /**
     * How often a call that may be repeated is repeated, after a failed connection and after the
     * statuses 429, 502, 503 and 504; 3 unless set.
     *
     * @param wait longest time to wait before one of them, also when the gateway asks for more
     */
    public Builder retries(int times, Duration wait) {
      if (times < 0) {
        throw new IllegalArgumentException("retries: expected 0 or more, found " + times);
      }
      retries = times;
      longestWait = wait;
      return this;
    }

    public MillraceClient build() {
      return new MillraceClient(
          new Transport(
              gateway,
              new Transport.Caller(
                  Optional.ofNullable(apiKey),
                  Optional.ofNullable(token),
                  Optional.ofNullable(traceparent)),
              timeout,
              new Retries(retries, longestWait)));
    }
  }
}
