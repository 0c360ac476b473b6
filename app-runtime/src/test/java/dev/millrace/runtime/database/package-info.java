/** Tests of how the database is found. */
@NullMarked
package dev.millrace.runtime.database;

import org.jspecify.annotations.NullMarked;
