/** Who calls: API keys, tokens, and what they may do. */
@NullMarked
package dev.millrace.gateway.auth;

import org.jspecify.annotations.NullMarked;
