package dev.millrace.benchmarks.ingest;

import dev.millrace.standalone.check.WebhookSignature;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The least a webhook receiver can do: check the signature of the body and wait until Kafka has
 * acknowledged it, on the same server and with the same producer settings as the gateway.
 */
final class BareServer implements AutoCloseable {

  static final String PATH = "/webhook";

  private final String secret;
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final WebServer server;

  BareServer(String secret, String topic, Map<String, Object> producerSettings) {
    this.secret = secret;
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(producerSettings, new ByteArraySerializer(), new ByteArraySerializer());
    this.server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .routing(routing -> routing.post(PATH, this::receive))
            .build()
            .start();
  }

  int port() {
    return server.port();
  }

  private void receive(ServerRequest request, ServerResponse response) throws Exception {
    byte[] body = request.content().as(byte[].class);
    String expected = WebhookSignature.of(body, secret);
    String given = request.headers().get(HeaderNames.create("X-Hub-Signature-256")).get();
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.US_ASCII))) {
      response.status(Status.UNAUTHORIZED_401).send();
      return;
    }
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    var _ =
        producer.send(
            new ProducerRecord<>(topic, body),
            (metadata, failure) -> {
              if (failure == null) {
                acknowledged.complete(null);
              } else {
                acknowledged.completeExceptionally(failure);
              }
            });
    acknowledged.get();
    response.send("{\"success\":true}");
  }

  @Override
  public void close() {
    server.stop();
    producer.close();
  }
}
