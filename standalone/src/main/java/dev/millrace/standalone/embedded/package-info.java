/**
 * The stack the pipeline runs on when it has a machine to itself: a real broker, schema registry
 * and PostgreSQL, on loopback, with everything they own in one data directory.
 */
@NullMarked
package dev.millrace.standalone.embedded;

import org.jspecify.annotations.NullMarked;
