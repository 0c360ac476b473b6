/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.readmodel;

import org.jspecify.annotations.NullMarked;
