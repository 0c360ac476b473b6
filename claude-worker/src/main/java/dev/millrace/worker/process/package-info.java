/**
 * Agents that are a command: a process of this machine, or a container, in a workspace of its own.
 */
@NullMarked
package dev.millrace.worker.process;

import org.jspecify.annotations.NullMarked;
