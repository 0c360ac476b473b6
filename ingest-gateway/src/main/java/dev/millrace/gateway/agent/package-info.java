/** Agents as clients see them: each run of one, its log lines, and commands to it. */
@NullMarked
package dev.millrace.gateway.agent;

import org.jspecify.annotations.NullMarked;
