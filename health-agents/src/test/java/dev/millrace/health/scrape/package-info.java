/** Tests of reading metrics. */
@NullMarked
package dev.millrace.health.scrape;

import org.jspecify.annotations.NullMarked;
