/** Tests of the settings of queues. */
@NullMarked
package dev.millrace.runtime.queue;

import org.jspecify.annotations.NullMarked;
