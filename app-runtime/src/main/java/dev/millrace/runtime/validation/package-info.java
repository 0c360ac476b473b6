/**
 * What events must be like, for the app that acts on them and for what else is derived from them.
 */
@NullMarked
package dev.millrace.runtime.validation;

import org.jspecify.annotations.NullMarked;
