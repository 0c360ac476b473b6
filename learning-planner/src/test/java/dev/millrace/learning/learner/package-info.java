/** Tests. */
@NullMarked
package dev.millrace.learning.learner;

import org.jspecify.annotations.NullMarked;
