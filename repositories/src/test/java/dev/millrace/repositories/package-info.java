/** Tests of the access to git repositories. */
@NullMarked
package dev.millrace.repositories;

import org.jspecify.annotations.NullMarked;
