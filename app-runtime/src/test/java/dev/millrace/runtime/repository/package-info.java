/** Tests of the access to git repositories. */
@NullMarked
package dev.millrace.runtime.repository;

import org.jspecify.annotations.NullMarked;
