/** Events as JSON, the way people and SQL read them. */
@NullMarked
package dev.millrace.schemas.json;

import org.jspecify.annotations.NullMarked;
