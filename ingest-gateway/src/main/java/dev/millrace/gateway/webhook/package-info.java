/** Webhook deliveries of GitHub: verified, read and accepted once. */
@NullMarked
package dev.millrace.gateway.webhook;

import org.jspecify.annotations.NullMarked;
