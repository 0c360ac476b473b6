/** Carries out remediation commands, with guards, and says what became of them. */
@NullMarked
package dev.millrace.remediation;

import org.jspecify.annotations.NullMarked;
