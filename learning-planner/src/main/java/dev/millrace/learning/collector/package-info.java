/** Signal agents that are asked over HTTP. */
@NullMarked
package dev.millrace.learning.collector;

import org.jspecify.annotations.NullMarked;
