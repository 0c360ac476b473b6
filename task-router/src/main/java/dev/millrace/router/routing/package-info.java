/** From an event to the queue it is for, and to the partition that owns the queue. */
@NullMarked
package dev.millrace.router.routing;

import org.jspecify.annotations.NullMarked;
