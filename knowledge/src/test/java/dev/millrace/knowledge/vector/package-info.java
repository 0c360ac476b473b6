/** How vectors of several models live side by side in one pgvector column. */
@NullMarked
package dev.millrace.knowledge.vector;

import org.jspecify.annotations.NullMarked;
