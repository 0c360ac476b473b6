/** What callers of other services over HTTP have to mind. */
@NullMarked
package dev.millrace.runtime.http;

import org.jspecify.annotations.NullMarked;
