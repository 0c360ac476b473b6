package dev.millrace.worker.prompt;

/**
 * What a model is told.
 *
 * @param system standing instructions: the same for all tasks of a type, so that providers cache
 *     them
 * @param user the task, with the text of others fenced
 */
public record Prompt(String system, String user) {}
