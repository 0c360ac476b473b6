/** Makes tampering with the mirror evident: hash chains, signed checkpoints, their verification. */
@NullMarked
package dev.millrace.audit.chain;

import org.jspecify.annotations.NullMarked;
