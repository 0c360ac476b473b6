/** The HTTP endpoints every app has: health and metrics. */
@NullMarked
package dev.millrace.runtime.management;

import org.jspecify.annotations.NullMarked;
