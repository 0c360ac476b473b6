/** What can be set on a queue: its defaults, and the changes made while it runs. */
@NullMarked
package dev.millrace.router.settings;

import org.jspecify.annotations.NullMarked;
