/** Tests of models that look at anomalies. */
@NullMarked
package dev.millrace.health.analyst;

import org.jspecify.annotations.NullMarked;
