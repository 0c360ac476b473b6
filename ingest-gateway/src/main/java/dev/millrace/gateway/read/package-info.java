/** Reading what Postgres has: read models that follow the topics. */
@NullMarked
package dev.millrace.gateway.read;

import org.jspecify.annotations.NullMarked;
