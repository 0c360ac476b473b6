/** Files of the sink that nobody but their owner may read. */
@NullMarked
package dev.millrace.audit.file;

import org.jspecify.annotations.NullMarked;
