/** Reading the metrics of projects from the addresses where they expose them. */
@NullMarked
package dev.millrace.health.scrape;

import org.jspecify.annotations.NullMarked;
