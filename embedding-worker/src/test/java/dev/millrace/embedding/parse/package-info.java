/** Reading documents of several formats into text with a structure. */
@NullMarked
package dev.millrace.embedding.parse;

import org.jspecify.annotations.NullMarked;
