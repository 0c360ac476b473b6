package dev.millrace.standalone.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.standalone.check.HttpAddress.Reply;
import dev.millrace.standalone.embedded.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Looks at a deployment as its users see it: whether the gateway answers and has what it needs,
 * lets in whom it should and nobody else, takes a webhook, and whether an event that goes in is
 * found in the audit trail. That event is all that is written: it is marked, and no app acts on it.
 * What else is sent is refused, or is GitHub's ping, which leaves nothing behind.
 */
public final class DeploymentCheck implements AutoCloseable {

  /** Type of the one event that is written. */
  public static final String EVENT_TYPE = "deployment_checked";

  /** Its source, and the user whose records are asked for; there are none. */
  public static final String SOURCE = "millrace-check";

  private static final String API_KEY_HEADER = "X-API-Key";
  private static final String READ = "/api/tasks?limit=1";
  private static final String WEBHOOK = "/api/github-webhook";
  private static final String PLATFORM = "/api/javari-events";
  private static final byte[] NOTHING = "{}".getBytes(UTF_8);
  private static final byte[] PING = "{\"zen\":\"Checked by millrace.\"}".getBytes(UTF_8);
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

  private final HttpAddress gateway;
  private final Map<String, String> secrets;
  private final Tokens tokens;
  private final Consumer<Finding> found;

  /** Signs a token for a user. */
  public interface Tokens {
    String sign(String user, Duration lifetime, String secret);
  }

  /** One look; what it did not find as it should be, it throws. */
  private interface Look {
    String result() throws CheckFailedException, InterruptedException;
  }

  /**
   * @param secrets those of the gateway that are known, by variable
   * @param found told of each finding as it comes
   */
  public DeploymentCheck(
      URI gateway, Map<String, String> secrets, Tokens tokens, Consumer<Finding> found) {
    this.gateway = new HttpAddress(gateway);
    this.secrets = Map.copyOf(secrets);
    this.tokens = tokens;
    this.found = found;
  }

  /** Whether it answers as a gateway does; without it there is nothing else to look at. */
  public boolean reach() throws InterruptedException {
    return look(
        "the gateway answers",
        () -> {
          Reply reply = gateway.get("/health").require(200);
          if (!reply.body().path("status").asText().equals("ok")) {
            throw new CheckFailedException("something answers that is no gateway of Millrace");
          }
          return "the gateway answers: version " + reply.body().path("version").asText();
        });
  }

  /** All that changes nothing. */
  public void read() throws InterruptedException {
    look("the gateway has what it needs", this::dependencies);
    look(
        "reads are refused without a key and with a wrong one",
        () -> {
          gateway.get(READ).require(401);
          gateway.get(READ, API_KEY_HEADER, UUID.randomUUID().toString()).require(401);
          return "reads are refused without a key and with a wrong one";
        });
    with(
        Credentials.API_KEY,
        "the API key opens them",
        key -> {
          gateway.get(READ, API_KEY_HEADER, key).require(200);
          gateway
              .get("/api/knowledge/search?q=millrace&mode=text&k=1", API_KEY_HEADER, key)
              .require(200);
          return "the API key opens tasks and search";
        });
    with(
        Credentials.JWT_SECRET,
        "a signed token is accepted",
        secret -> {
          String token = tokens.sign(SOURCE, TOKEN_LIFETIME, secret);
          gateway
              .get("/api/knowledge/user-preferences?limit=1", "Authorization", "Bearer " + token)
              .require(200);
          return "a signed token is accepted";
        });
    with(
        Credentials.WEBHOOK_SECRET,
        "a signed webhook is accepted",
        secret -> {
          ping(secret).require(200);
          return "a signed webhook is accepted (a ping, which leaves nothing)";
        });
    look(
        "a webhook with a wrong signature is refused",
        () -> {
          ping(UUID.randomUUID().toString()).require(401);
          return "a webhook with a wrong signature is refused";
        });
    with(
        Credentials.JAVARI_API_KEY,
        "the platform's key is accepted",
        key -> {
          gateway
              .post(PLATFORM, NOTHING, API_KEY_HEADER, UUID.randomUUID().toString())
              .require(401);
          // Known, but with nothing to say: a body is looked at only after the key.
          gateway.post(PLATFORM, NOTHING, API_KEY_HEADER, key).require(400);
          return "the platform's key is accepted, a wrong one is refused";
        });
  }

  /**
   * Sends the one event, and waits until it is found.
   *
   * @param timeout how long
   */
  public void write(Duration timeout) throws InterruptedException {
    String what = "an event that goes in is found in the audit trail";
    if (!secrets.containsKey(Credentials.API_KEY)) {
      found.accept(new Finding.NotChecked(what, "needs " + Credentials.API_KEY + " to look"));
      return;
    }
    with(
        Credentials.JAVARI_API_KEY,
        what,
        key -> {
          TraceContext trace = TraceContext.start();
          Instant sent = Instant.now();
          gateway
              .post(PLATFORM, event(), API_KEY_HEADER, key, "traceparent", trace.traceparent())
              .require(200);
          JsonNode event = await(trace, sent.plus(timeout));
          return "an event went in and was found in the audit trail after %d ms: event %s (%s)"
              .formatted(
                  Duration.between(sent, Instant.now()).toMillis(),
                  event.path("id").asText(),
                  EVENT_TYPE);
        });
  }

  /**
   * Asks apps themselves.
   *
   * @param management addresses of their management endpoints, by app
   * @param all the apps of a whole deployment
   */
  public void apps(Map<String, URI> management, Collection<String> all)
      throws InterruptedException {
    for (Map.Entry<String, URI> app : management.entrySet()) {
      AppReadiness readiness = AppReadiness.ask(app.getValue());
      String what = app.getKey() + " is ready";
      found.accept(
          readiness.ready()
              ? new Finding.Held(what)
              : new Finding.Failed(what, String.join("; ", readiness.missing())));
    }
    var unknown = new TreeSet<>(all);
    unknown.removeAll(management.keySet());
    if (!unknown.isEmpty()) {
      found.accept(
          new Finding.NotChecked(
              String.join(", ", unknown) + (unknown.size() == 1 ? " is ready" : " are ready"),
              "needs the management address of each, as --app NAME=URL"));
    }
  }

  private String dependencies() throws CheckFailedException, InterruptedException {
    JsonNode dependencies = gateway.get("/api/health").require(200).body().path("dependencies");
    List<String> up = new ArrayList<>();
    List<String> down = new ArrayList<>();
    dependencies
        .properties()
        .forEach(dependency -> {
          String reason = dependency.getValue().path("reason").asText();
          if (dependency.getValue().path("status").asText().equals("up")) {
            up.add(dependency.getKey());
          } else {
            down.add(dependency.getKey() + " is down: " + reason);
          }
        });
    if (!down.isEmpty()) {
      throw new CheckFailedException(String.join("; ", down));
    }
    return "the gateway has what it needs: " + String.join(", ", up);
  }

  private Reply ping(String secret) throws CheckFailedException, InterruptedException {
    return gateway.post(
        WEBHOOK,
        PING,
        "X-GitHub-Event",
        "ping",
        "X-GitHub-Delivery",
        UUID.randomUUID().toString(),
        "X-Hub-Signature-256",
        WebhookSignature.of(PING, secret));
  }

  private static byte[] event() {
    return """
    {"eventType": "%s", "source": "%s", "priority": "low", "data": {"harmless": true}}
    """
        .formatted(EVENT_TYPE, SOURCE)
        .getBytes(UTF_8);
  }

  private JsonNode await(TraceContext trace, Instant deadline)
      throws CheckFailedException, InterruptedException {
    String path = "/api/events?limit=1&trace_id=" + trace.traceId();
    while (true) {
      JsonNode events =
          gateway
              .get(path, API_KEY_HEADER, secrets.getOrDefault(Credentials.API_KEY, ""))
              .require(200)
              .body()
              .path("events");
      if (!events.isEmpty()) {
        return events.path(0);
      }
      if (Instant.now().isAfter(deadline)) {
        throw new CheckFailedException(
            "it was accepted but is not there yet: is the audit-sink up, and how far behind is it?"
                + " (trace "
                + trace.traceId()
                + ")");
      }
      Thread.sleep(POLL_INTERVAL);
    }
  }

  /** A look that needs a secret. */
  private interface SecretLook {
    String result(String secret) throws CheckFailedException, InterruptedException;
  }

  private void with(String secret, String what, SecretLook look) throws InterruptedException {
    String value = secrets.getOrDefault(secret, "");
    if (value.isBlank()) {
      found.accept(new Finding.NotChecked(what, "needs " + secret));
      return;
    }
    look("%s (%s)".formatted(what, secret), () -> look.result(value));
  }

  /** Returns whether it was as it should be. */
  private boolean look(String what, Look look) throws InterruptedException {
    try {
      found.accept(new Finding.Held(look.result()));
      return true;
    } catch (CheckFailedException e) {
      found.accept(new Finding.Failed(what, String.valueOf(e.getMessage())));
      return false;
    }
  }

  @Override
  public void close() {
    gateway.close();
  }
}
