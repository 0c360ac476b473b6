/** How fast and how complete searches are on many chunks. */
@NullMarked
package dev.millrace.benchmarks.search;

import org.jspecify.annotations.NullMarked;
