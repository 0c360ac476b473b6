/** Tests. */
@NullMarked
package dev.millrace.learning.collector;

import org.jspecify.annotations.NullMarked;
