/** The topic catalogue: the only place where a topic is declared. */
@NullMarked
package dev.millrace.schemas.catalogue;

import org.jspecify.annotations.NullMarked;
