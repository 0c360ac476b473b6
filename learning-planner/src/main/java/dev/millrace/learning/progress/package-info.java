/** What a learner has done so far, and what comes next. */
@NullMarked
package dev.millrace.learning.progress;

import org.jspecify.annotations.NullMarked;
