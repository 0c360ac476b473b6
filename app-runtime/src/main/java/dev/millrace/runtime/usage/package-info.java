/** What calls of models used, and what they cost. */
@NullMarked
package dev.millrace.runtime.usage;

import org.jspecify.annotations.NullMarked;
