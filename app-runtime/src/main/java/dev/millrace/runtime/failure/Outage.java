package dev.millrace.runtime.failure;

/**
 * A failure of something outside, which its message tells in full: where in the code it was noticed
 * adds nothing, and while it lasts it comes again and again.
 */
public interface Outage {}
