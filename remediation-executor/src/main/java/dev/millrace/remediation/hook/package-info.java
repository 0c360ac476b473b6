/** What an action does for a project: a process that is run, or an HTTP call that is made. */
@NullMarked
package dev.millrace.remediation.hook;

import org.jspecify.annotations.NullMarked;
