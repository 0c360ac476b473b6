/** Telling others what was indexed. */
@NullMarked
package dev.millrace.embedding.announce;

import org.jspecify.annotations.NullMarked;
