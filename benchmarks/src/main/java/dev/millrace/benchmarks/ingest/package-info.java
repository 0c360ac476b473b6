/** How many webhooks the gateway takes, beside a bare handler on the same server. */
@NullMarked
package dev.millrace.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
