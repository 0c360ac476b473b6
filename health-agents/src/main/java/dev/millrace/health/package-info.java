/** Agents that watch projects, find what is wrong with them, and decide what to do about it. */
@NullMarked
package dev.millrace.health;

import org.jspecify.annotations.NullMarked;
