/** Tests of parser processes. */
@NullMarked
package dev.millrace.embedding.isolation;

import org.jspecify.annotations.NullMarked;
