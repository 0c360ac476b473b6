/** The gateway: HTTP in, events out; reads and live streams. */
@NullMarked
package dev.millrace.gateway;

import org.jspecify.annotations.NullMarked;
