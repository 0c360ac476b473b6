/** Git repositories that agents and indexers work with: on GitHub, or on this machine. */
@NullMarked
package dev.millrace.repositories;

import org.jspecify.annotations.NullMarked;
