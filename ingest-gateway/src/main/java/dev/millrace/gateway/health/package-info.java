/** Health over HTTP: of the gateway itself, and of the projects that are watched. */
@NullMarked
package dev.millrace.gateway.health;

import org.jspecify.annotations.NullMarked;
