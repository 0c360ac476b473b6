/** All apps together on the embedded stack, and what others need to find them. */
@NullMarked
package dev.millrace.standalone.pipeline;

import org.jspecify.annotations.NullMarked;
