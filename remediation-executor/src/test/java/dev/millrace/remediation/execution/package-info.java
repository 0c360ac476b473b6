/** Tests. */
@NullMarked
package dev.millrace.remediation.execution;

import org.jspecify.annotations.NullMarked;
