/** Keeping secrets out of logs and events. */
@NullMarked
package dev.millrace.runtime.redaction;

import org.jspecify.annotations.NullMarked;
