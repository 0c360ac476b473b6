/** The OpenAPI document, and the validation of bodies against it. */
@NullMarked
package dev.millrace.gateway.openapi;

import org.jspecify.annotations.NullMarked;
