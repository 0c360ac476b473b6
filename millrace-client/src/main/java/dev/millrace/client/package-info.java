/** The gateway's API for Java programs: typed calls, live streams, one exception. */
@NullMarked
package dev.millrace.client;

import org.jspecify.annotations.NullMarked;
