package dev.millrace.runtime.share;

import dev.millrace.schemas.event.EventContext;

/**
 * A record taken from a share group.
 *
 * @param topic topic it is on
 * @param key key of the record
 * @param value value of the record
 * @param context its identity and trace
 * @param attempt number of the delivery, from 1
 */
public record Delivery<T>(String topic, String key, T value, EventContext context, int attempt) {}
