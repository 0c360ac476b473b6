/** An app as the runtime sees it: wired once, started in order, stopped in reverse. */
@NullMarked
package dev.millrace.runtime.app;

import org.jspecify.annotations.NullMarked;
