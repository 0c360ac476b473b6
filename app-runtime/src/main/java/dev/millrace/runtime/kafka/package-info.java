/** Kafka clients with the settings that hold everywhere, topics, events and dead letters. */
@NullMarked
package dev.millrace.runtime.kafka;

import org.jspecify.annotations.NullMarked;
