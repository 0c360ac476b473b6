/** The files that a task is about. */
@NullMarked
package dev.millrace.worker.source;

import org.jspecify.annotations.NullMarked;
