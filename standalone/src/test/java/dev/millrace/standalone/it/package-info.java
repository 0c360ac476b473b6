/** Integration tests: every app on the real broker, schema registry and PostgreSQL. */
@NullMarked
package dev.millrace.standalone.it;

import org.jspecify.annotations.NullMarked;
