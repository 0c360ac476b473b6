/** What a call of a model costs. */
@NullMarked
package dev.millrace.worker.pricing;

import org.jspecify.annotations.NullMarked;
