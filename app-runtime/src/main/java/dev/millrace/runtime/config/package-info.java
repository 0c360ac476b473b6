/** Configuration from the environment, read once into typed records. */
@NullMarked
package dev.millrace.runtime.config;

import org.jspecify.annotations.NullMarked;
