/** Tests of the routing table. */
@NullMarked
package dev.millrace.runtime.routing;

import org.jspecify.annotations.NullMarked;
