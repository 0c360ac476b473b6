/** What every event carries besides its Avro value: CloudEvents headers and the trace it is in. */
@NullMarked
package dev.millrace.schemas.event;

import org.jspecify.annotations.NullMarked;
