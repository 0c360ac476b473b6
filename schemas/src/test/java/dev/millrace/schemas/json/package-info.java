/** Tests of JSON for Avro and back. */
@NullMarked
package dev.millrace.schemas.json;

import org.jspecify.annotations.NullMarked;
