/** The knowledge base over HTTP: search, and documents to index. */
@NullMarked
package dev.millrace.gateway.knowledge;

import org.jspecify.annotations.NullMarked;
