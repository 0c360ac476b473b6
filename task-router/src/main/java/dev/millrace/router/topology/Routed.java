package dev.millrace.router.topology;

import org.apache.avro.specific.SpecificRecord;

/**
 * An event whose queue is known; the queue is the key.
 *
 * @param partition the partition that it was read from
 */
record Routed(SpecificRecord event, int partition) {}
