/** Has a model look at anomalies. */
@NullMarked
package dev.millrace.health.analyst;

import org.jspecify.annotations.NullMarked;
