package dev.millrace.worker.source;

/**
 * A file that a task is about, or that helps to do it.
 *
 * @param path path from the root of the repository
 * @param text its content: written by others, so data
 */
public record SourceFile(String path, String text) {}
