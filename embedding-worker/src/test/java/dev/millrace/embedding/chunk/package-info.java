/** Cutting documents into pieces that an embedding model can read whole. */
@NullMarked
package dev.millrace.embedding.chunk;

import org.jspecify.annotations.NullMarked;
