/** Tests of the files of the sink. */
@NullMarked
package dev.millrace.audit.file;

import org.jspecify.annotations.NullMarked;
