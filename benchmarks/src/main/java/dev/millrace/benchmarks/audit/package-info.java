/** The audit sink against a bare {@code COPY}, a peer, and a day of ten million rows. */
@NullMarked
package dev.millrace.benchmarks.audit;

import org.jspecify.annotations.NullMarked;
