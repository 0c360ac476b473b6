/** GitHub as clients see it: repositories, pushes and pull requests. */
@NullMarked
package dev.millrace.gateway.github;

import org.jspecify.annotations.NullMarked;
