/** One learner: the state, the events that change it, and what follows from each. */
@NullMarked
package dev.millrace.learning.learner;

import org.jspecify.annotations.NullMarked;
