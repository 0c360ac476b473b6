/** Whether a provider is asked: a circuit breaker for each, as a state and what changes it. */
@NullMarked
package dev.millrace.router.circuit;

import org.jspecify.annotations.NullMarked;
