/** When a failed run is tried again. */
@NullMarked
package dev.millrace.router.retry;

import org.jspecify.annotations.NullMarked;
