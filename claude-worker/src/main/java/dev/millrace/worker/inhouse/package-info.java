/** The agent that is an HTTP endpoint of the site's own. */
@NullMarked
package dev.millrace.worker.inhouse;

import org.jspecify.annotations.NullMarked;
