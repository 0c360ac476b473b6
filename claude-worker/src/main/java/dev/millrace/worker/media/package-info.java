/** Images and clips for the shots of a storyboard, which media services generate. */
@NullMarked
package dev.millrace.worker.media;

import org.jspecify.annotations.NullMarked;
