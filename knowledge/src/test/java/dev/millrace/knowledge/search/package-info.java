/** Finding the chunks of documents that are nearest to a question. */
@NullMarked
package dev.millrace.knowledge.search;

import org.jspecify.annotations.NullMarked;
