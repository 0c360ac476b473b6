/** Serialization of events as Avro in the Confluent wire format, through a schema registry. */
@NullMarked
package dev.millrace.schemas.serde;

import org.jspecify.annotations.NullMarked;
