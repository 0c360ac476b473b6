/** Flows on Kafka Streams: where their inputs come from, where they are kept, what is written. */
@NullMarked
package dev.millrace.router.workflow.topology;

import org.jspecify.annotations.NullMarked;
