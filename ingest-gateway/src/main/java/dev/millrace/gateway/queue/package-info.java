/** Queues as clients see them: what waits, and how they are set. */
@NullMarked
package dev.millrace.gateway.queue;

import org.jspecify.annotations.NullMarked;
