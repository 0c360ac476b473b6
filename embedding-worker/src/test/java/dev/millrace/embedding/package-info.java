/** The embedding worker: turns documents into searchable knowledge. */
@NullMarked
package dev.millrace.embedding;

import org.jspecify.annotations.NullMarked;
