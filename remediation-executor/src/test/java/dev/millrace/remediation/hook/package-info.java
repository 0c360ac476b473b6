/** Tests. */
@NullMarked
package dev.millrace.remediation.hook;

import org.jspecify.annotations.NullMarked;
