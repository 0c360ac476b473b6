/** Records that are kept for users: campaigns, files, preferences, ratings, texts of projects. */
@NullMarked
package dev.millrace.embedding.record;

import org.jspecify.annotations.NullMarked;
