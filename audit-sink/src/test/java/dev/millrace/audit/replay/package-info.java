/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.replay;

import org.jspecify.annotations.NullMarked;
