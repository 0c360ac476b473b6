/** What is wrong with a project, judged from samples of its metrics. */
@NullMarked
package dev.millrace.health.metric;

import org.jspecify.annotations.NullMarked;
