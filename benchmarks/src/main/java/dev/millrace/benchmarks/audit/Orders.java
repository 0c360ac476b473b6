package dev.millrace.benchmarks.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.serde.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records of about 1 KB of Avro on topics that are no site's of the catalogue: flat, so that any
 * sink can write them as a row.
 */
final class Orders {

  private static final int TEXTS = 12;
  private static final int TEXT_LENGTH = 72;
  private static final Schema SCHEMA = schema();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(2);

  private final KafkaClients kafka;
  private final URI registry;
  private final String topic;
  private final int schemaId;

  /**
   * Creates the topic and registers the schema.
   *
   * @param registry the Confluent-compatible API of the registry
   */
  Orders(KafkaClients kafka, URI registry, String topic, int partitions)
      throws InterruptedException {
    this.kafka = kafka;
    this.registry = registry;
    this.topic = topic;
    try {
      kafka
          .admin()
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
          .all()
          .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      this.schemaId = register();
    } catch (ExecutionException | TimeoutException | IOException e) {
      throw new IllegalStateException("the topic " + topic + " cannot be set up", e);
    }
  }

  private static Schema schema() {
    SchemaBuilder.FieldAssembler<Schema> fields =
        SchemaBuilder.record("Order").namespace("dev.millrace.benchmarks").fields();
    fields.requiredLong("number").requiredDouble("amount").requiredBoolean("express");
    for (int i = 0; i < TEXTS; i++) {
      fields.requiredString("text" + i);
    }
    return fields.endRecord();
  }

  private int register() throws IOException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    String body = json.createObjectNode().put("schema", SCHEMA.toString()).toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry + "/subjects/" + topic + "-value/versions"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return json.readTree(answer).required("id").intValue();
    }
  }

  /** A record's value; no two have the same texts. */
  byte[] value(long number) {
    GenericRecord order = new GenericData.Record(SCHEMA);
    order.put("number", number);
    order.put("amount", number / 100.0);
    order.put("express", number % 3 == 0);
    for (int i = 0; i < TEXTS; i++) {
      String words = "item " + i + " of order " + number * 31 + " ";
      order.put("text" + i, words.repeat(4).substring(0, TEXT_LENGTH));
    }
    return WireFormat.write(schemaId, order);
  }

  /** Produces as fast as it goes. */
  void produce(int count) {
    try (Producer<byte[], byte[]> producer = producer(Map.of("linger.ms", 20))) {
      for (int i = 0; i < count; i++) {
        Future<RecordMetadata> _ = producer.send(record(i));
      }
      producer.flush();
    }
  }

  /**
   * Produces at a steady rate.
   *
   * @param sentNanos gets the time at which each was sent, by its offset on the one partition
   */
  void produce(int count, int perSecond, long[] sentNanos) {
    long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    try (Producer<byte[], byte[]> producer = producer(Map.of("linger.ms", 1))) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = start + i * interval;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        sentNanos[i] = System.nanoTime();
        Future<RecordMetadata> _ = producer.send(record(i));
      }
      producer.flush();
    }
  }

  private ProducerRecord<byte[], byte[]> record(int number) {
    byte[] key = ("order-" + number).getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, key, value(number));
  }

  private Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = kafka.producerSettings("orders", DELIVERY_TIMEOUT);
    all.putAll(settings);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
