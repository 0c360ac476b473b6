/** Tests of the life of an app. */
@NullMarked
package dev.millrace.runtime.app;

import org.jspecify.annotations.NullMarked;
