/** Tests. */
@NullMarked
package dev.millrace.learning.plan;

import org.jspecify.annotations.NullMarked;
