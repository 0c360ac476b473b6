/** The gate that every change of a schema passes: nobody's producer or consumer breaks. */
@NullMarked
package dev.millrace.schemas.compatibility;

import org.jspecify.annotations.NullMarked;
