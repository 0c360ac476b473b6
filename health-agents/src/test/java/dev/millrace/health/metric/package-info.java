/** Tests. */
@NullMarked
package dev.millrace.health.metric;

import org.jspecify.annotations.NullMarked;
