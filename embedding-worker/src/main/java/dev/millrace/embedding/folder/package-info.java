/** Folders of repositories as the documents in them. */
@NullMarked
package dev.millrace.embedding.folder;

import org.jspecify.annotations.NullMarked;
