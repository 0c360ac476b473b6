package dev.millrace.benchmarks.ingest;

import dev.millrace.benchmarks.load.HttpLoad;
import dev.millrace.standalone.check.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A push of about 8 KB, signed once; every request has a delivery id of its own. */
final class Webhook implements HttpLoad.RequestSource {

  static final int BODY_BYTES = 8 << 10;

  private final byte[] beforeDelivery;
  private final byte[] afterDelivery;

  Webhook(String path, String secret) {
    byte[] body = body();
    beforeDelivery =
        """
        POST %s HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: %d\r
        X-GitHub-Event: push\r
        X-Hub-Signature-256: %s\r
        X-GitHub-Delivery: \
        """
            .formatted(path, body.length, WebhookSignature.of(body, secret))
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] end = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    afterDelivery = new byte[end.length + body.length];
    System.arraycopy(end, 0, afterDelivery, 0, end.length);
    System.arraycopy(body, 0, afterDelivery, end.length, body.length);
  }

  @Override
  public byte[] next() {
    byte[] delivery = UUID.randomUUID().toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = new byte[beforeDelivery.length + delivery.length + afterDelivery.length];
    System.arraycopy(beforeDelivery, 0, request, 0, beforeDelivery.length);
    System.arraycopy(delivery, 0, request, beforeDelivery.length, delivery.length);
    System.arraycopy(
        afterDelivery, 0, request, beforeDelivery.length + delivery.length, afterDelivery.length);
    return request;
  }

  private static byte[] body() {
    StringBuilder json =
        new StringBuilder(
            """
            {"ref":"refs/heads/main","before":"%s","after":"%s",\
            "repository":{"full_name":"bench/load","name":"load"},\
            "sender":{"login":"bench"},"commits":[\
            """
                .formatted("0".repeat(40), "1".repeat(40)));
    String end = "]}";
    for (int i = 0; json.length() < BODY_BYTES - 300; i++) {
      json.append(i == 0 ? "" : ",").append(commit(i));
    }
    json.append(end);
    while (json.length() < BODY_BYTES) {
      json.append(' ');
    }
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String commit(int number) {
    return """
    {"id":"%1$040d","message":"A change of the benchmark, number %1$d",\
    "author":{"name":"bench"},"timestamp":"2026-01-01T00:00:00Z",\
    "added":[],"modified":["src/file-%1$d.bin"],"removed":[]}\
    """
        .formatted(number);
  }
}
