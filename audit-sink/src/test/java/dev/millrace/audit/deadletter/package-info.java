/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.deadletter;

import org.jspecify.annotations.NullMarked;
