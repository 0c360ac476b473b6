@NullMarked
package dev.millrace.runtime.writer;

import org.jspecify.annotations.NullMarked;
