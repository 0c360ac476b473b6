/** Tests. */
@NullMarked
package dev.millrace.runtime.process;

import org.jspecify.annotations.NullMarked;
