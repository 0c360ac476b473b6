/** Commands to tasks and queues: what operators tell the router to do. */
@NullMarked
package dev.millrace.gateway.operation;

import org.jspecify.annotations.NullMarked;
