/** Where queues are kept: tables of an ordered store, and how their rows are written. */
@NullMarked
package dev.millrace.router.storage;

import org.jspecify.annotations.NullMarked;
