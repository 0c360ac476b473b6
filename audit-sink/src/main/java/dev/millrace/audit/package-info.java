/** The app that keeps every event of every topic in Postgres, exactly once. */
@NullMarked
package dev.millrace.audit;

import org.jspecify.annotations.NullMarked;
