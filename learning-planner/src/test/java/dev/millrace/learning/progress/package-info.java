/** Tests. */
@NullMarked
package dev.millrace.learning.progress;

import org.jspecify.annotations.NullMarked;
