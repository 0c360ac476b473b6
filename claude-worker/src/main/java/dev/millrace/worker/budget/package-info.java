/** What tasks may spend on models, by task and by day. */
@NullMarked
package dev.millrace.worker.budget;

import org.jspecify.annotations.NullMarked;
