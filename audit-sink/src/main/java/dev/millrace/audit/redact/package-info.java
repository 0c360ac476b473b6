/** Takes personal data out of records before they are mirrored. */
@NullMarked
package dev.millrace.audit.redact;

import org.jspecify.annotations.NullMarked;
