/** What to do about an anomaly, and whether a person must be asked. */
@NullMarked
package dev.millrace.health.remedy;

import org.jspecify.annotations.NullMarked;
