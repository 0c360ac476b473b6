/** Metrics of projects, as they are told apart. */
@NullMarked
package dev.millrace.runtime.metric;

import org.jspecify.annotations.NullMarked;
