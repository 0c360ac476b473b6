/** The learning loop over HTTP: intent, plan, completion and status. */
@NullMarked
package dev.millrace.gateway.learning;

import org.jspecify.annotations.NullMarked;
