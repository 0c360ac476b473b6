/** Events that platforms send. */
@NullMarked
package dev.millrace.gateway.platform;

import org.jspecify.annotations.NullMarked;
