package dev.millrace.health.flow;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/**
 * An event that follows from another.
 *
 * @param topic topic it is for
 * @param value its value
 * @param cause the event it follows from
 * @param name what tells it from the others that follow from that event
 * @param at when
 */
public record Output(
    Topic<? extends SpecificRecord> topic,
    SpecificRecord value,
    EventContext cause,
    String name,
    Instant at) {}
