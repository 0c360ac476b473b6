/** Vouches to Avro for the generated classes. */
@NullMarked
package dev.millrace.schemas.trust;

import org.jspecify.annotations.NullMarked;
