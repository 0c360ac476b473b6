/** Replies on topics to requests that wait for them. */
@NullMarked
package dev.millrace.gateway.reply;

import org.jspecify.annotations.NullMarked;
