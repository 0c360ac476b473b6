/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.chain;

import org.jspecify.annotations.NullMarked;
