/** Tests. */
@NullMarked
package dev.millrace.health.remedy;

import org.jspecify.annotations.NullMarked;
