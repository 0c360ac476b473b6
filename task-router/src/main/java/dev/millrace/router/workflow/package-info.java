/**
 * The way of a piece of development work through several agents: one table, and what carries it
 * out.
 */
@NullMarked
package dev.millrace.router.workflow;

import org.jspecify.annotations.NullMarked;
