/**
 * Models that write, of whichever provider: how they are asked, how the text of others is fenced in
 * what they read, and how what they write is checked. Their SDKs and the validator come with the
 * apps that have use for them.
 */
@NullMarked
package dev.millrace.runtime.writer;

import org.jspecify.annotations.NullMarked;
