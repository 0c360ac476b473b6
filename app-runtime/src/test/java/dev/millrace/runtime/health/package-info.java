/** Tests of the health checks. */
@NullMarked
package dev.millrace.runtime.health;

import org.jspecify.annotations.NullMarked;
