/** Where the logs of a pipeline in one process go: a file for each app and component. */
@NullMarked
package dev.millrace.standalone.logs;

import org.jspecify.annotations.NullMarked;
