/** Tests of what events must be like. */
@NullMarked
package dev.millrace.runtime.validation;

import org.jspecify.annotations.NullMarked;
