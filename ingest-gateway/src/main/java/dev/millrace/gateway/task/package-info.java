/** Tasks: asked for over HTTP, and read back with their history. */
@NullMarked
package dev.millrace.gateway.task;

import org.jspecify.annotations.NullMarked;
