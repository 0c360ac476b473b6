/** Whether what an app needs is there. */
@NullMarked
package dev.millrace.runtime.health;

import org.jspecify.annotations.NullMarked;
