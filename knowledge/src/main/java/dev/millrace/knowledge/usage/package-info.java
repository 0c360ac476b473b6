/** What calls of models used, and what they cost. */
@NullMarked
package dev.millrace.knowledge.usage;

import org.jspecify.annotations.NullMarked;
