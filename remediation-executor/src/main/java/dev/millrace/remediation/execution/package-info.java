/** Carrying out a command once: what is recorded, what is checked before, and what is reported. */
@NullMarked
package dev.millrace.remediation.execution;

import org.jspecify.annotations.NullMarked;
