package dev.millrace.router.topology;

import dev.millrace.schemas.catalogue.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** How the values of a topic are written and read. */
@FunctionalInterface
public interface EventCodec {

  <T extends SpecificRecord> Serde<T> serde(Topic<T> topic);
}
