/** Routes tasks to agents and is their queue. */
@NullMarked
package dev.millrace.router;

import org.jspecify.annotations.NullMarked;
