/** Derives the read models anew from the mirror, while the sink runs. */
@NullMarked
package dev.millrace.audit.rebuild;

import org.jspecify.annotations.NullMarked;
