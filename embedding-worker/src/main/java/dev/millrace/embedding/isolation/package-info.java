/** Reading documents in processes of their own, which can be ended whatever they are doing. */
@NullMarked
package dev.millrace.embedding.isolation;

import org.jspecify.annotations.NullMarked;
