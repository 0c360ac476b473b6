/** What is kept for users: campaigns, files, preferences, ratings, texts of projects. */
@NullMarked
package dev.millrace.gateway.record;

import org.jspecify.annotations.NullMarked;
