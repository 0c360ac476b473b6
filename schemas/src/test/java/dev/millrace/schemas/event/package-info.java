/** Tests of what stands in the headers of a record. */
@NullMarked
package dev.millrace.schemas.event;

import org.jspecify.annotations.NullMarked;
