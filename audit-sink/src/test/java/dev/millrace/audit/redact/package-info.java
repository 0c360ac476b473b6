/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.redact;

import org.jspecify.annotations.NullMarked;
