/** Work taken from a share group, one delivery to a slot at a time. */
@NullMarked
package dev.millrace.runtime.share;

import org.jspecify.annotations.NullMarked;
