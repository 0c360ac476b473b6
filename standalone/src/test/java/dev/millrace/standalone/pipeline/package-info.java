@NullMarked
package dev.millrace.standalone.pipeline;

import org.jspecify.annotations.NullMarked;
