/**
 * Receipts: proof that a request was accepted, so that its repetition is answered and not accepted
 * twice.
 */
@NullMarked
package dev.millrace.gateway.receipt;

import org.jspecify.annotations.NullMarked;
