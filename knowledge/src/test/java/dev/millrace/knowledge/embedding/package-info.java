/** Models that turn text into vectors whose angles say how alike the texts are. */
@NullMarked
package dev.millrace.knowledge.embedding;

import org.jspecify.annotations.NullMarked;
