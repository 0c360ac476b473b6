package dev.millrace.audit.chain;

/**
 * A row, or a checkpoint, that does not hold.
 *
 * @param place topic, partition and offset, for example {@code task.events-0@17}, or the checkpoint
 * @param what what was expected, what was found
 */
public record Finding(String place, String what) {}
