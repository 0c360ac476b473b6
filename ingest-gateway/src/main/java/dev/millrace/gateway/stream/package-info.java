/** The live stream of events to browsers. */
@NullMarked
package dev.millrace.gateway.stream;

import org.jspecify.annotations.NullMarked;
