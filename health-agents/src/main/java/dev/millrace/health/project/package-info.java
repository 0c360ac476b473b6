/** The projects that are watched. */
@NullMarked
package dev.millrace.health.project;

import org.jspecify.annotations.NullMarked;
