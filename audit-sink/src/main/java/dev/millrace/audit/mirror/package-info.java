/** From topics into the mirror, exactly once: the consumer, its batches and its offsets. */
@NullMarked
package dev.millrace.audit.mirror;

import org.jspecify.annotations.NullMarked;
