/** Which documents a push to a repository changes. */
@NullMarked
package dev.millrace.embedding.push;

import org.jspecify.annotations.NullMarked;
