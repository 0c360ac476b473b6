/** Tests of what callers over HTTP mind. */
@NullMarked
package dev.millrace.runtime.http;

import org.jspecify.annotations.NullMarked;
