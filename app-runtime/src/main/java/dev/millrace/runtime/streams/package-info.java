/** Kafka Streams topologies as components of an app. */
@NullMarked
package dev.millrace.runtime.streams;

import org.jspecify.annotations.NullMarked;
