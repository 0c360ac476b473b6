/** Takes an app back to a point in time. */
@NullMarked
package dev.millrace.standalone.reset;

import org.jspecify.annotations.NullMarked;
