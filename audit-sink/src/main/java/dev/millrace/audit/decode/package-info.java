/** The bytes of a record's value as JSON that a person reads and {@code jsonb} holds. */
@NullMarked
package dev.millrace.audit.decode;

import org.jspecify.annotations.NullMarked;
