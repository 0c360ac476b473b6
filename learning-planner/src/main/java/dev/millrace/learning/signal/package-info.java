/** What the signal agents say about a learner, and how long that stays fresh. */
@NullMarked
package dev.millrace.learning.signal;

import org.jspecify.annotations.NullMarked;
