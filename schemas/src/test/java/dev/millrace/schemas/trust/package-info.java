/** Tests that the generated classes work wherever the module is added. */
@NullMarked
package dev.millrace.schemas.trust;

import org.jspecify.annotations.NullMarked;
