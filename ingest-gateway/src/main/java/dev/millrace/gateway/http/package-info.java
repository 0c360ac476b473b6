/** HTTP as the routes see it: a call, its answer, or the problem that stands in its way. */
@NullMarked
package dev.millrace.gateway.http;

import org.jspecify.annotations.NullMarked;
