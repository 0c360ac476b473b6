/** Bringing the index of one document up to date: what to fetch, embed anew, keep and drop. */
@NullMarked
package dev.millrace.embedding.index;

import org.jspecify.annotations.NullMarked;
