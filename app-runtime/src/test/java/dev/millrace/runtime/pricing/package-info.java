/** Tests of prices. */
@NullMarked
package dev.millrace.runtime.pricing;

import org.jspecify.annotations.NullMarked;
