/** Replays: asked for, watched and cancelled over HTTP; the audit sink runs them. */
@NullMarked
package dev.millrace.gateway.replay;

import org.jspecify.annotations.NullMarked;
