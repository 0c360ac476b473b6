/** Following topics without a group: every instance sees every record. */
@NullMarked
package dev.millrace.gateway.tail;

import org.jspecify.annotations.NullMarked;
