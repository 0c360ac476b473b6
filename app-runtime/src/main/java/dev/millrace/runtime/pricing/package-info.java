/** What a call of a model costs. */
@NullMarked
package dev.millrace.runtime.pricing;

import org.jspecify.annotations.NullMarked;
