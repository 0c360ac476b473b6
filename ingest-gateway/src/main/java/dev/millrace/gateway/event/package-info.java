/** Events at the rim of the gateway: where accepted ones go, and how past ones are read. */
@NullMarked
package dev.millrace.gateway.event;

import org.jspecify.annotations.NullMarked;
