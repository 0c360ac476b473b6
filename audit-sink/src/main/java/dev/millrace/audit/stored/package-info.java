/** Records as the mirror has them, read back as Kafka had them. */
@NullMarked
package dev.millrace.audit.stored;

import org.jspecify.annotations.NullMarked;
