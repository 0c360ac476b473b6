/** The Kafka Streams topology around the queues. */
@NullMarked
package dev.millrace.router.topology;

import org.jspecify.annotations.NullMarked;
