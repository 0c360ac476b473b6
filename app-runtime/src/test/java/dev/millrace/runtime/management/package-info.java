/** Tests of the management endpoints. */
@NullMarked
package dev.millrace.runtime.management;

import org.jspecify.annotations.NullMarked;
