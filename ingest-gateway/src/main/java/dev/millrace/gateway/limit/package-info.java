/** How often a client may ask. */
@NullMarked
package dev.millrace.gateway.limit;

import org.jspecify.annotations.NullMarked;
