/**
 * The knowledge base as its readers see it: models that embed text, and search over what is
 * indexed.
 */
@NullMarked
package dev.millrace.knowledge;

import org.jspecify.annotations.NullMarked;
