/** Tests of prices. */
@NullMarked
package dev.millrace.runtime.provider;

import org.jspecify.annotations.NullMarked;
