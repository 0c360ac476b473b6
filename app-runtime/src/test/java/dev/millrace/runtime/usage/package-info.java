/** Tests of what calls of models used. */
@NullMarked
package dev.millrace.runtime.usage;

import org.jspecify.annotations.NullMarked;
