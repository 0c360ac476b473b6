/** How queues may be set, which the router obeys and the gateway checks beforehand. */
@NullMarked
package dev.millrace.runtime.queue;

import org.jspecify.annotations.NullMarked;
