/** Tests. */
@NullMarked
package dev.millrace.learning.signal;

import org.jspecify.annotations.NullMarked;
