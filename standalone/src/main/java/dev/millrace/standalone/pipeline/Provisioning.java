package dev.millrace.standalone.pipeline;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.runtime.kafka.TopicProvisioner;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/** Creates all topics in one call, before eight apps would each look for their own. */
final class Provisioning {

  private Provisioning() {}

  static void ensure(Environment environment, List<Topic<?>> topics) throws InterruptedException {
    KafkaConfig config = KafkaConfig.from(environment);
    try (KafkaClients kafka =
        new KafkaClients(
            "standalone", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry())) {
      new TopicProvisioner(kafka).ensure(topics);
    }
  }
}
