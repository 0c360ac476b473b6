package dev.millrace.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.limit.RateLimits;
import dev.millrace.gateway.receipt.Acceptance;
import dev.millrace.gateway.receipt.Outcome;
import dev.millrace.gateway.receipt.ReceiptKey;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.github.GithubEvent;
import java.util.regex.Pattern;

/**
 * Takes webhook deliveries of GitHub. The signature is checked over the raw bytes before anything
 * else looks at them; the delivery id is the identity of the event.
 */
public final class GithubWebhook implements Endpoint {

  private static final String SIGNATURE = "X-Hub-Signature-256";
  private static final String EVENT = "X-GitHub-Event";
  private static final String DELIVERY = "X-GitHub-Delivery";
  private static final String PING = "ping";
  private static final String CLIENT = "github";

  private static final Pattern EVENT_NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern DELIVERY_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final WebhookConfig config;
  private final GithubSignature signature;
  private final Receipts receipts;
  private final EventSink sink;
  private final RateLimits limits;

  public GithubWebhook(WebhookConfig config, Receipts receipts, EventSink sink, RateLimits limits) {
    this.config = config;
    this.signature = new GithubSignature(config.secrets());
    this.receipts = receipts;
    this.sink = sink;
    this.limits = limits;
  }

  @Override
  public Answer handle(Call call) throws InterruptedException {
    String claimed = call.header(SIGNATURE).orElse("");
    if (claimed.isEmpty()) {
      throw failed(call, SIGNATURE + " is missing; set a secret at the webhook");
    }
    String event = required(call, EVENT, EVENT_NAME);
    String delivery = required(call, DELIVERY, DELIVERY_ID);
    byte[] body = call.jsonBody(config.maxBodyBytes());
    if (!signature.matches(body, claimed)) {
      throw failed(call, SIGNATURE + " is not that of the body under a secret that is valid here");
    }
    call.identified(CLIENT);
    limits.takeForWebhook();
    call.log("event", event);
    call.log("delivery", delivery);
    DeliverySummary summary = DeliverySummary.read(body);
    if (event.equals(PING)) {
      return answer(event, delivery, false);
    }
    EventContext context = call.event(new EventId(delivery));
    Outcome outcome =
        receipts.once(
            ReceiptKey.delivery(delivery),
            null,
            context,
            () -> accept(event, delivery, body, summary, context));
    return answer(event, delivery, outcome instanceof Outcome.Repeated);
  }

  private Acceptance accept(
      String event, String delivery, byte[] body, DeliverySummary summary, EventContext context) {
    GithubEvent value =
        GithubEvent.newBuilder()
            .setDeliveryId(delivery)
            .setEvent(event)
            .setAction(summary.action())
            .setRepository(summary.subject())
            .setSender(summary.sender())
            .setRef(summary.ref())
            .setPayload(new String(body, UTF_8))
            .setReceivedAt(context.time())
            .build();
    return new Acceptance(
        delivery, 200, "{}", sink.publish(Topics.GITHUB_EVENTS, summary.subject(), value, context));
  }

  private static Answer answer(String event, String delivery, boolean duplicate) {
    return Answer.ok(
        Json.object()
            .put("success", true)
            .put("event", event)
            .put("delivery", delivery)
            .put("duplicate", duplicate));
  }

  private ProblemException failed(Call call, String detail) {
    limits.takeForFailure(call.remoteAddress());
    return ProblemException.unauthorized(detail);
  }

  private static String required(Call call, String header, Pattern pattern) {
    String value =
        call.header(header)
            .orElseThrow(() -> ProblemException.invalid(header, "expected the header, found none"));
    if (!pattern.matcher(value).matches()) {
      throw ProblemException.invalid(header, "expected to match " + pattern.pattern());
    }
    return value;
  }
}
