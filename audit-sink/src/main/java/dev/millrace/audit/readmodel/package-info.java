/** The tables analysts ask most, derived from events as they are mirrored. */
@NullMarked
package dev.millrace.audit.readmodel;

import org.jspecify.annotations.NullMarked;
