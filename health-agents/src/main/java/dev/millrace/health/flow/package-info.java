/** How one event leads to others: agents as functions, run by one kind of processor. */
@NullMarked
package dev.millrace.health.flow;

import org.jspecify.annotations.NullMarked;
