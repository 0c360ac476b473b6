/** Reading a topic in order, each event until it is done. */
@NullMarked
package dev.millrace.embedding.consumer;

import org.jspecify.annotations.NullMarked;
