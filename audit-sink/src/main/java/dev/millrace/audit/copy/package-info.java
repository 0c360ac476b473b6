/** Rows of the mirror in the binary format of Postgres' {@code COPY}. */
@NullMarked
package dev.millrace.audit.copy;

import org.jspecify.annotations.NullMarked;
