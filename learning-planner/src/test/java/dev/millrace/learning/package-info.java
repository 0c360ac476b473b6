/** Tests. */
@NullMarked
package dev.millrace.learning;

import org.jspecify.annotations.NullMarked;
