/** Queues as clients see them: what waits, how they are set, and commands to them. */
@NullMarked
package dev.millrace.gateway.queue;

import org.jspecify.annotations.NullMarked;
