/** Tests of the catalogue of topics. */
@NullMarked
package dev.millrace.schemas.catalogue;

import org.jspecify.annotations.NullMarked;
