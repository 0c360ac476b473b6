/** Looking at projects from outside, over HTTP. */
@NullMarked
package dev.millrace.health.probe;

import org.jspecify.annotations.NullMarked;
