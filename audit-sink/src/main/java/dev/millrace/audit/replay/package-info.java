/** Writes records again that the mirror or Kafka has: to their topics, to another, or to a file. */
@NullMarked
package dev.millrace.audit.replay;

import org.jspecify.annotations.NullMarked;
