/** Tests of writing events. */
@NullMarked
package dev.millrace.runtime.kafka;

import org.jspecify.annotations.NullMarked;
