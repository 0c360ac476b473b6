/** The Postgres pool and its migrations. */
@NullMarked
package dev.millrace.runtime.database;

import org.jspecify.annotations.NullMarked;
