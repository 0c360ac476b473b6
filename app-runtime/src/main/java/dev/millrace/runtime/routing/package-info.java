/** Which agent does which type of task. */
@NullMarked
package dev.millrace.runtime.routing;

import org.jspecify.annotations.NullMarked;
