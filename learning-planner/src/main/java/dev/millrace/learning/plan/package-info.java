/** The text of a daily plan: title, description, and steps that fit into the time of a day. */
@NullMarked
package dev.millrace.learning.plan;

import org.jspecify.annotations.NullMarked;
