package dev.millrace.audit.mirror;

/**
 * A partition's move to where it begins on Kafka, because Kafka does not have the offset it stands
 * at.
 *
 * @param expected offset the mirror must stand at before; if it does not, somebody else has moved
 *     it
 * @param beginning first offset that Kafka has
 */
record Reset(long expected, long beginning) {}
