/** The agent that answers without a model, by extraction. */
@NullMarked
package dev.millrace.worker.offline;

import org.jspecify.annotations.NullMarked;
