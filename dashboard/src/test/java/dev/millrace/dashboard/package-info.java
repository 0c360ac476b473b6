/** The dashboard: a static page, checked without a browser. */
@NullMarked
package dev.millrace.dashboard;

import org.jspecify.annotations.NullMarked;
