/** Tests. */
@NullMarked
package dev.millrace.health.probe;

import org.jspecify.annotations.NullMarked;
