/** Tests of the serdes. */
@NullMarked
package dev.millrace.schemas.serde;

import org.jspecify.annotations.NullMarked;
