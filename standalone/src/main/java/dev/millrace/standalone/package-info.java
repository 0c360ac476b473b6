/** The {@code millrace} command: the whole pipeline on one machine. */
@NullMarked
package dev.millrace.standalone;

import org.jspecify.annotations.NullMarked;
