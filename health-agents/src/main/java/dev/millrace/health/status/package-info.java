/** How a project is, judged from a row of probes. */
@NullMarked
package dev.millrace.health.status;

import org.jspecify.annotations.NullMarked;
