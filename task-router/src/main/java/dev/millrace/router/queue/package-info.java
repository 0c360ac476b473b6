/** The queue of an agent as a state machine: events in, effects out, nothing else touched. */
@NullMarked
package dev.millrace.router.queue;

import org.jspecify.annotations.NullMarked;
