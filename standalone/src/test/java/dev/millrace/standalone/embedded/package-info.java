/** Tests of the stack the pipeline runs on when it has a machine to itself. */
@NullMarked
package dev.millrace.standalone.embedded;

import org.jspecify.annotations.NullMarked;
