/** Tests of what is taken out of texts. */
@NullMarked
package dev.millrace.runtime.redaction;

import org.jspecify.annotations.NullMarked;
