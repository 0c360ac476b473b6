/** The app that runs agents on assignments. */
@NullMarked
package dev.millrace.worker;

import org.jspecify.annotations.NullMarked;
