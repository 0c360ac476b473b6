/** Markdown, as apps read it. */
@NullMarked
package dev.millrace.runtime.markdown;

import org.jspecify.annotations.NullMarked;
