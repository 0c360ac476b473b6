/** Carries out what operators decide about dead letters. */
@NullMarked
package dev.millrace.audit.deadletter;

import org.jspecify.annotations.NullMarked;
