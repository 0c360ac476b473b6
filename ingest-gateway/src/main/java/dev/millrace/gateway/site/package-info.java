/** Static pages from the class path. */
@NullMarked
package dev.millrace.gateway.site;

import org.jspecify.annotations.NullMarked;
