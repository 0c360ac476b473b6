/** Tests of what calls of models used. */
@NullMarked
package dev.millrace.knowledge.usage;

import org.jspecify.annotations.NullMarked;
