/** Checks a deployment from outside: what its users need of it is there and works. */
@NullMarked
package dev.millrace.standalone.check;

import org.jspecify.annotations.NullMarked;
